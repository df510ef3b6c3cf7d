// Options of all commands that work with a queue. Its address may hold a password, which a process list shows: so the
// environment may have it instead.
import { Option } from "commander";
import { invalidField } from "../errors.js";
import { queuedRuns } from "../queue/index.js";

/** The variable that stands in for `--queue`. */
export const queueVariable = "CORRSYNTH_QUEUE";

/** `--queue URL`. */
export function queueOption(): Option {
  return new Option(
    "--queue <url>",
    `redis://[user:password@]host[:port][/database], or rediss:// for TLS; default the environment's ${queueVariable}`,
  );
}

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when neither the option nor the variable is there. */
export function queueUrl(option: string | undefined): string {
  const url = option ?? process.env[queueVariable];
  if (url !== undefined && url !== "") return url;
  const message = `Expected redis://host, or ${queueVariable} in the environment, received neither`;
  throw invalidField("--queue", message);
}

/** The run that is meant where none is named: the only one there is. */
export async function onlyRun(queue: string): Promise<string> {
  const names = await queuedRuns(queue);
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  const found = names.length === 0 ? "none is in the queue: enqueue one first" : `there are ${names.join(", ")}`;
  throw invalidField("--name", `Expected the name of a run, since ${found}`);
}
