// Which hub, token and cache: the variables that Hugging Face's own tools read, and what a caller says instead.
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { InvalidConfigError } from "../errors.js";
import { expandHome } from "../files/home.js";

export interface HubSettings {
  /** Address of the hub, without a "/" at its end. */
  readonly endpoint: string;
  readonly token: string | undefined;
  /** Absolute path of the cache that holds the `models--owner--repo` folders. */
  readonly cache: string;
  /** No request may be made. */
  readonly offline: boolean;
}

/**
 * HF_ENDPOINT, HF_HUB_OFFLINE, HF_HUB_CACHE (else HF_HOME/hub, else ~/.cache/huggingface/hub), HF_TOKEN (else the file
 * that `hf auth login` writes).
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for an endpoint that is no address, a token that no header can
 *   carry, or a file of it that is there and cannot be read.
 */
export async function hubSettings(
  given: { readonly cache?: string | undefined },
  env: NodeJS.ProcessEnv = process.env,
): Promise<HubSettings> {
  const home = path(env.HF_HOME) ?? join(path(env.XDG_CACHE_HOME) ?? join(homedir(), ".cache"), "huggingface");
  const cache = path(given.cache) ?? path(env.HF_HUB_CACHE) ?? path(env.HUGGINGFACE_HUB_CACHE) ?? join(home, "hub");
  const offline = /^(1|on|yes|true)$/i.test(env.HF_HUB_OFFLINE ?? "");
  const token = env.HF_TOKEN?.trim() || (await tokenIn(path(env.HF_TOKEN_PATH) ?? join(home, "token")));
  if (token !== undefined && !/^[\x21-\x7e]+$/.test(token)) {
    const message = "Expected an access token of visible ASCII characters, received others: copy it anew";
    throw new InvalidConfigError([{ path: "HF_TOKEN", message }]);
  }
  return { endpoint: endpointOf(env.HF_ENDPOINT || "https://huggingface.co"), token, cache: resolve(cache), offline };
}

function path(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  return expandHome(text);
}

async function tokenIn(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, "utf8")).trim() || undefined;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    const advice = "make it readable, or set HF_TOKEN or HF_TOKEN_PATH";
    const issue = { path: file, message: `Expected the file of an access token (${message}): ${advice}` };
    throw new InvalidConfigError([issue], { cause });
  }
}

function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "") {
    const message = `Expected an address such as https://huggingface.co, received ${JSON.stringify(text)}`;
    throw new InvalidConfigError([{ path: "HF_ENDPOINT", message }]);
  }
  return url.href.replace(/\/+$/, "");
}
