// Where the file of a model is, however it was named.
import { resolve } from "node:path";
import { expandHome } from "../files/home.js";
import { type PullOptions, pull } from "./pull.js";
import { isHubUri } from "./uri.js";

/**
 * The path of a model: that of `source` itself ("~" is the home directory), or of the file that its `hf:` URI names,
 * which is fetched where it is missing.
 * @throws what `pull` throws.
 */
export async function resolveModelPath(source: string, options: PullOptions = {}): Promise<string> {
  return isHubUri(source) ? (await pull(source, options)).path : resolve(expandHome(source));
}
