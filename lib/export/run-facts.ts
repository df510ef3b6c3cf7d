// What a manifest says of how a dataset was made, for people. A manifest may hold anything: what is missing is left out.
import { basename, isAbsolute, win32 } from "node:path";
import type { RunManifest } from "../store/manifest.js";

/** A fact's name and its value, both plain text. */
export type Fact = readonly [name: string, value: string];

type Fields = Readonly<Record<string, unknown>>;

/** How a run was made, a line for each thing that decides its rows. Of paths, the file's name alone. */
export function runFacts({ settings, seed, teacher, versions, started, inputs, mergedFrom }: RunManifest): Fact[] {
  const { method, sampling, prompt, filters } = fieldsOf(settings);
  const { path, sha256, name, parameters } = fieldsOf(teacher);
  const { shots, format } = fieldsOf(prompt);
  const { corrsynth, llamaCpp } = fieldsOf(versions);
  const facts: [string, string | undefined][] = [
    ["Method", method === undefined ? undefined : methodText(fieldsOf(method))],
    ["Contrast", contrastText(fieldsOf(method))],
    ["Teacher", typeof path === "string" ? [given(name), fileName(path)].filter(Boolean).join(", ") : undefined],
    ["Parameters of the teacher", typeof parameters === "number" ? parameters.toLocaleString("en-US") : undefined],
    ["SHA-256 of the teacher", given(sha256)],
    ["Seed", given(seed)],
    ["Sampling", sampling === undefined ? undefined : list(fieldsOf(sampling), ["seed"])],
    ["Filters", filters === undefined ? undefined : list(fieldsOf(filters), [])],
    ["Prompt", list({ shots, format }, [])],
    ...Object.entries(fieldsOf(inputs)).map(([field, hash]): [string, string] => [`SHA-256 of ${field}`, String(hash)]),
    [
      "Made with",
      [`corrsynth ${given(corrsynth) ?? "?"}`, llamaCpp && `llama.cpp ${llamaCpp}`].filter(Boolean).join(", "),
    ],
    ["Started", given(started)],
    ["Joined from", Array.isArray(mergedFrom) ? `${mergedFrom.length} runs of different groups` : undefined],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
}

/**
 * The task as it was written, without what tells of the machine or the examples: of absolute paths the file's name stays, and
 * rows that stand in the task itself become the name of a file.
 */
export function publicTask({ task }: RunManifest): Fields {
  const fields = { ...fieldsOf(task) };
  for (const name of ["teacher", "seeds", "contexts"]) {
    const value = fields[name];
    if (typeof value === "string") fields[name] = fileName(value);
    else if (typeof value === "object" && value !== null) fields[name] = `${name}.jsonl`;
  }
  const { template } = fieldsOf(fields.prompt);
  if (typeof template === "string") fields.prompt = { ...fieldsOf(fields.prompt), template: fileName(template) };
  delete fields.device; // where it ran decides nothing
  return fields;
}

function methodText({ name, ...parameters }: Fields): string {
  const settings = list(parameters, ["weights", "match"]);
  const matched = parameters.match === undefined ? "" : ` matching ${methodText(fieldsOf(parameters.match))}`;
  const weights = parameters.weights === undefined ? "" : " with the weights of the task";
  return `${String(name)}${settings === "" ? "" : ` (${settings})`}${matched}${weights}`;
}

// The total contrast of a row: what is taken from its own exponent gamma.
function contrastText({ name, gamma, delta, intra, cross }: Fields): string | undefined {
  if (name === "fewgen" || name === "fewgen-matched") return "none";
  const round = (value: number) => String(Number(value.toPrecision(12)));
  if (typeof intra === "number" && typeof cross === "number") {
    return `${round(intra + cross)} of gamma ${String(gamma)}: ${intra} with rows of the same label, ${cross} with others`;
  }
  if (typeof gamma === "number" && typeof delta === "number") return `${round(gamma - delta)} of gamma ${gamma}`;
  return undefined;
}

function list(fields: Fields, left: readonly string[]): string {
  return Object.entries(fields)
    .filter(([name, value]) => !left.includes(name) && value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`)
    .join(", ");
}

function fileName(path: string): string {
  if (isAbsolute(path)) return basename(path);
  return win32.isAbsolute(path) ? win32.basename(path) : path;
}

function given(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
