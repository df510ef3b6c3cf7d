// Where a file is on the Hugging Face Hub: hf:owner/repo/file.gguf, or hf:owner/repo@revision/file.gguf.
import { ModelLoadError } from "../errors.js";

/** A file of a model repository at one revision. */
export interface HubUri {
  /** "owner/name". */
  readonly repository: string;
  /** Branch, tag or commit; default "main". */
  readonly revision: string;
  /** Path in the repository, with "/"; "" where the URI names a repository and no file. */
  readonly file: string;
}

// The hub's rules for the two halves of a repository's name; "--" would make the folders of a cache ambiguous.
const name = /^(?![-.])(?!.*(--|\.\.))[A-Za-z0-9._-]{1,96}(?<![-.])$/;
const revisionPart = /^(?!\.)(?!.*\.\.)[\w.+=-]+$/;
const parts = /^(?<repository>[^/@]+\/[^/@]+)(?:@(?<revision>refs\/(?:pr|convert)\/[^/]+|[^/]+))?(?:\/(?<file>.*))?$/su;
// Control characters, halves of surrogate pairs, and the separator of Windows.
const unfit = /[\p{Cc}\p{Cs}\\]/u;

/**
 * Whether a model's source is a URI of the hub, or the address of one of its pages, rather than a path.
 * @example
 * import { isHubUri } from "corrsynth";
 * console.log(isHubUri("hf:owner/repo/file.gguf"), isHubUri("models/file.gguf")); // true false
 */
export function isHubUri(source: string): boolean {
  return source.startsWith("hf:") || fromAddress(source) !== undefined;
}

/**
 * Reads `hf:owner/repo[@revision][/path/file.gguf]`; `hf://…` is the same. A revision with a "/" is written with `%2F`,
 * but for `refs/pr/N` and `refs/convert/NAME`. The address of a page of the hub, as a browser shows it, is read as well.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD for anything else, also for a path that would leave the repository.
 */
export function parseHubUri(text: string): HubUri {
  const rest = /^hf:(?:\/\/)?(?<rest>.*)$/su.exec(fromAddress(text) ?? text)?.groups?.rest;
  const found = rest === undefined ? undefined : parts.exec(rest)?.groups;
  if (found === undefined) throw refuse(text, "the form of a URI");
  const { repository = "", revision = "main", file = "" } = found;
  if (!repository.split("/").every((half) => name.test(half))) throw refuse(text, `the repository "${repository}"`);
  const decoded = decode(revision);
  if (decoded === undefined || !decoded.split("/").every((part) => revisionPart.test(part))) {
    throw refuse(text, `the revision "${revision}"`);
  }
  if (file !== "" && !isRelativeFile(file)) throw refuse(text, `the path "${file}"`);
  return { repository, revision: decoded, file };
}

/** The shortest text that {@link parseHubUri} reads as `uri`. */
export function formatHubUri({ repository, revision, file }: HubUri): string {
  const isPlain = /^refs\/(pr|convert)\/[^/]+$/.test(revision);
  const at = revision === "main" ? "" : `@${isPlain ? revision : encodeURIComponent(revision)}`;
  return `hf:${repository}${at}${file === "" ? "" : `/${file}`}`;
}

const pages = ["huggingface.co", "www.huggingface.co", "hf.co"];

// https://huggingface.co/owner/repo[/resolve|blob|raw|tree/revision[/file]], also of the hub that HF_ENDPOINT names.
function fromAddress(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  const { host, pathname } = new URL(text);
  const own = process.env.HF_ENDPOINT;
  if (!pages.includes(host) && !(own !== undefined && URL.canParse(own) && new URL(own).host === host))
    return undefined;
  const [owner = "", name = "", kind, revision, ...file] = pathname.split("/").filter((step) => step !== "");
  if (kind === undefined || revision === undefined) return `hf:${owner}/${name}`;
  const path = kind === "tree" ? [] : file.map((step) => decode(step) ?? step);
  return ["hf:", owner, "/", name, revision === "main" ? "" : `@${revision}`, ...path.map((step) => `/${step}`)].join(
    "",
  );
}

// On any system: no empty step, none upwards, no drive of Windows.
function isRelativeFile(file: string): boolean {
  const steps = file.split("/");
  return !unfit.test(file) && steps.every((step) => step !== "" && !/^(\.\.?$|[A-Za-z]:)/.test(step));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function refuse(text: string, what: string): ModelLoadError {
  return new ModelLoadError(
    `Expected hf:owner/repo/file.gguf or hf:owner/repo@revision/file.gguf, received ${JSON.stringify(text)}: ` +
      `${what} is not one of the Hugging Face Hub`,
  );
}
