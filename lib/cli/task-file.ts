// Task files: the fields of a synthesis spec, `teacher` and `device`, as YAML or JSON.
import { dirname, join, resolve, sep } from "node:path";
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { show } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { type DeviceOptions, isHubUri, type SynthesisSpec } from "../index.js";
import { expandHome, readInput } from "../io.js";
import { namesOf } from "./task-names.js";
import { parseYaml } from "./yaml-document.js";

/** A task file that parsed; its spec is not checked yet. */
export interface Task {
  readonly file: string;
  /** "demo", an hf: URI, an address, or the absolute path of a model. */
  readonly teacher: string;
  /** The field `device`, for `loadTeacher` to check; an empty object where there is none. */
  readonly device: DeviceOptions;
  /** All other fields, with the paths in them made absolute. What they hold is for the library to check. */
  readonly spec: SynthesisSpec;
  /** The file's fields as they were written. */
  readonly written: Readonly<Record<string, unknown>>;
  /**
   * Gives every issue of an InvalidConfigError its file and line; other errors come back as they are.
   * @param directory  whose issues are no fields of the task: the run directory, where there is one.
   */
  locate(error: unknown, directory?: string): unknown;
}

const largestFile = 8 * 1024 * 1024; // bytes; examples belong into a seeds file
const mostAliases = 100; // YAML aliases multiply: ten lines of them can stand for gigabytes

/**
 * Reads a task file. JSON by its extension or its first character, YAML 1.2 otherwise. Relative paths in `teacher`,
 * `seeds`, `contexts`, `prompt.template`, `check.embedder`, `amateur` and `guide` are taken from the file's folder; a leading "~" is the home directory.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with file and line, when it cannot be read, does not parse,
 *   repeats a key, or is no mapping with a `teacher`.
 */
export async function readTaskFile(file: string): Promise<Task> {
  const text = await readText(file);
  const { written, namesAsWritten, lineOf } = parse(file, text);
  // editors look for "$schema"; it says nothing about the task
  const { teacher, device = {}, $schema: _, ...fields } = written;
  if (typeof teacher !== "string" || teacher === "") {
    const line = lineOf("teacher");
    throw invalidField(
      `${line === undefined ? file : `${file}:${line}`}: teacher`,
      `Expected "demo" or the path of a GGUF model, received ${show(teacher)}`,
    );
  }
  const absolute = (path: string) => resolve(dirname(file), expandHome(path));
  const spec = withAbsolutePaths({ ...fields, ...namesAsWritten }, absolute);
  return {
    file,
    teacher: isNamedModel(teacher) ? teacher : absolute(teacher),
    device: device as DeviceOptions,
    spec: spec as unknown as SynthesisSpec,
    written,
    locate: (error, directory) => locate(error, file, lineOf, [...sourcesOf(spec), directory]),
  };
}

/** Fields of a task with the paths in them made absolute. What they hold is for the library to check. */
export function withAbsolutePaths(
  fields: Readonly<Record<string, unknown>>,
  absolute: (path: string) => string,
): Record<string, unknown> {
  const spec = { ...fields };
  for (const field of ["seeds", "contexts"]) {
    const given = spec[field] as string | { from?: unknown } | undefined;
    if (typeof given === "string") spec[field] = absolute(given);
    else if (typeof given?.from === "string") spec[field] = { ...given, from: absolute(given.from) };
  }
  const { prompt, check } = spec as { prompt?: { template?: unknown }; check?: { embedder?: unknown } };
  if (typeof prompt?.template === "string") spec.prompt = { ...prompt, template: absolute(prompt.template) };
  const { embedder } = check ?? {};
  if (typeof embedder === "string" && embedder !== "demo" && !isHubUri(embedder))
    spec.check = { ...check, embedder: absolute(embedder) };
  for (const role of ["amateur", "guide"]) {
    if (spec[role] !== undefined) spec[role] = absoluteModel(spec[role], absolute);
  }
  return spec;
}

// A second model: its file, and that of its template.
function absoluteModel(given: unknown, absolute: (path: string) => string): unknown {
  const ofModel = (model: unknown) =>
    typeof model !== "string" || model === "" || isNamedModel(model) ? model : absolute(model);
  if (typeof given !== "object" || given === null || Array.isArray(given)) return ofModel(given);
  const { model, template } = given as { model?: unknown; template?: unknown };
  return {
    ...given,
    ...(model === undefined ? {} : { model: ofModel(model) }),
    ...(typeof template === "string" ? { template: absolute(template) } : {}),
  };
}

const isNamedModel = (model: string) => model === "demo" || /^https?:/.test(model) || isHubUri(model);

// Files of seeds and contexts, by themselves or with rules.
function sourcesOf({ seeds, contexts }: Readonly<Record<string, unknown>>): unknown[] {
  return [seeds, contexts].flatMap((given) => [given, (given as { from?: unknown } | null | undefined)?.from]);
}

async function readText(file: string): Promise<string> {
  const content = await readInput(file, largestFile).catch((error: Error) => {
    if (error instanceof InvalidConfigError) throw error;
    throw invalidField(file, `Expected a readable task file (${error.message})`);
  });
  if (content === undefined) {
    throw invalidField(file, "Expected a task file of at most 8 MiB, received more: put examples into a seeds file");
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw invalidField(file, "Expected UTF-8 text; save the file as UTF-8");
  }
}

type LineOf = (path: string) => number | undefined;

interface Parsed {
  readonly written: Record<string, unknown>;
  /** Fields of names that another spelling or order than JavaScript's stands in the file for. */
  readonly namesAsWritten: Record<string, unknown>;
  readonly lineOf: LineOf;
}

function parse(file: string, text: string): Parsed {
  const isJson = /\.json$/i.test(file) || (!/\.ya?ml$/i.test(file) && /^\s*[{[]/.test(text));
  const parsed = parseYaml(text, file, isJson ? "json" : "core");
  if (Array.isArray(parsed)) throw new InvalidConfigError(parsed);
  const { document } = parsed;
  let written: unknown;
  try {
    written = isJson ? JSON.parse(text) : document.toJS({ maxAliasCount: mostAliases });
    JSON.stringify(written); // an alias may stand inside its own anchor
  } catch (error) {
    throw invalidField(
      file,
      `Expected a ${isJson ? "JSON" : "YAML"} task (${(error as Error).message.split("\n")[0]!.slice(0, 200)})`,
    );
  }
  if (typeof written !== "object" || written === null || Array.isArray(written)) {
    const received = show(written);
    throw invalidField(file, `Expected a mapping with "teacher", "labels", "prompt" and "count", received ${received}`);
  }
  const lineOf: LineOf = (path) => {
    const offset = offsetOf(document.contents, path);
    return offset === undefined ? undefined : parsed.lineOf(offset);
  };
  const values = written as Record<string, unknown>;
  return { written: values, namesAsWritten: namesOf(document.contents, values), lineOf };
}

function locate(error: unknown, file: string, lineOf: LineOf, otherFiles: readonly unknown[]): unknown {
  if (!(error instanceof InvalidConfigError)) return error;
  const issues = error.issues.map(({ path, message }): ConfigIssue => {
    // What is wrong inside a seeds file or a directory has that as its path already.
    if (otherFiles.some((other) => typeof other === "string" && isWithin(path, other))) return { path, message };
    const unknown = /^Unknown field ("[^"]*")/.exec(message)?.[1]; // its path is that of the fields around it
    const line =
      (unknown === undefined ? undefined : lineOf(`${path}[${JSON.stringify(unknown.slice(1, -1))}]`)) ?? lineOf(path);
    const place = line === undefined ? file : `${file}:${line}`;
    return { path: path === "" ? place : `${place}: ${path}`, message };
  });
  return new InvalidConfigError(issues, { cause: error });
}

// Of `file`, also `file:LINE` and `file/NAME`.
function isWithin(path: string, file: string): boolean {
  return path === file || path.startsWith(`${file}:`) || path.startsWith(join(file, sep));
}

// Where the entry at a path like `labels["a b"]` or `method.weights[1][0]` begins; of an entry that is missing, the
// innermost one around it that is there; undefined when there is none.
function offsetOf(node: Node | null, path: string): number | undefined {
  const step = /^\[(\d+)\]|^\[("(?:[^"\\]|\\.)*")\]|^\.?([^.[\]]+)/.exec(path);
  if (!step) return undefined;
  const [text, index, quoted, plain] = step;
  const rest = path.slice(text.length);
  if (isSeq(node) && index !== undefined) {
    const item = node.items[Number(index)] as Node | undefined;
    return item && (offsetOf(item, rest) ?? item.range?.[0]);
  }
  if (!isMap(node)) return undefined;
  const name = quoted === undefined ? (plain ?? index) : (JSON.parse(quoted) as string);
  const pair = pairsOf(node).get(name ?? "");
  if (!pair) return undefined;
  return offsetOf(pair.value as Node | null, rest) ?? (pair.key as Node).range?.[0];
}

// Of a mapping with 100,000 entries of which all are wrong, each is looked for.
const pairsByName = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>();

function pairsOf(map: YAMLMap): ReadonlyMap<string, Pair> {
  const known = pairsByName.get(map);
  if (known !== undefined) return known;
  const pairs = new Map(map.items.flatMap((pair) => (isScalar(pair.key) ? [[String(pair.key.value), pair]] : [])));
  pairsByName.set(map, pairs);
  return pairs;
}
