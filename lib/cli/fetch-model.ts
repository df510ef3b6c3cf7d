// From what a person names as a model to its file: hf: URIs are fetched, and it is said on stderr when that happens.
import { isHubUri, type PulledModel, pull } from "../index.js";
import type { Environment } from "./command.js";
import type { ProgressMode } from "./paced.js";
import { showPull } from "./pull-progress.js";
import { bytes, printable } from "./terminal.js";

/** Milliseconds after which it is said that an answer of the hub is waited for. */
const silence = 2000;

/** What fetching takes of the environment. */
export type FetchEnvironment = Pick<Environment, "signal" | "stderr" | "now">;

/**
 * Pulls `uri` with a display of how it gets on; silent where the model is in the cache.
 * @param mode  how: "none" and "json" have no headline either.
 */
export async function fetchModel(
  { signal, stderr, now }: FetchEnvironment,
  uri: string,
  mode: ProgressMode,
): Promise<PulledModel> {
  const display = showPull(mode, uri, stderr, now);
  const speaks = mode !== "none" && mode !== "json";
  let lacksHeadline = speaks;
  const timer = setTimeout(() => {
    if (speaks) stderr.write(`Waiting for the Hugging Face Hub to answer about ${printable(uri)}\n`);
  }, silence);
  return pull(uri, {
    signal,
    onProgress: (progress) => {
      clearTimeout(timer);
      if (lacksHeadline) stderr.write(`Fetching ${printable(uri)} (${bytes(progress.total)})\n`);
      lacksHeadline = false;
      display.update(progress);
    },
    onWait: ({ reason, seconds, next, attempts }) => {
      clearTimeout(timer);
      const what = `${printable(uri)}: ${printable(reason)}; trying again in ${seconds.toFixed(0)} s (${next} of ${attempts})`;
      if (speaks) stderr.write(`${what}\n`);
    },
  }).finally(() => {
    clearTimeout(timer);
    display.end();
  });
}

/** What `loadTeacher` takes for `source`: the path of the fetched file for an hf: URI, else `source` itself. */
export async function modelSource(environment: FetchEnvironment, source: string, mode: ProgressMode): Promise<string> {
  return isHubUri(source) ? (await fetchModel(environment, source, mode)).path : source;
}
