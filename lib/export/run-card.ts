// What the card of an exported run says: how its rows were made, what became of them, and how to make them again. A
// manifest may hold anything: what is missing is left out.
import { basename, isAbsolute, win32 } from "node:path";
import { reviewNotes } from "../files/review.js";
import type { RunManifest } from "../store/manifest.js";
import { datasetCard, type Fact } from "./dataset-card.js";
import { type ExportOptions, fileColumns } from "./options.js";
import type { ExportSource } from "./source.js";
import type { SplitPlan } from "./split.js";

/** The first text of each label that has one. */
export type Samples = readonly (readonly [label: string, text: string])[];

/** Bytes of the rows of each split in memory. */
export type SplitSizes = Readonly<Record<"train" | "validation", number>>;

/** README.md of the dataset. */
export function runCard(
  source: ExportSource,
  options: ExportOptions,
  { rows, labels, validation, notes }: SplitPlan,
  written: { readonly bytes: number; readonly sizes: SplitSizes; readonly samples: Samples; readonly name: string },
): string {
  const per = (split: "train" | "validation") => source.labels.map((name) => labels[name]![split]);
  const { sizes } = written;
  const train = { name: "train", rows: rows - validation, bytes: sizes.train, perLabel: per("train") };
  const splits =
    options.validation === undefined
      ? [train]
      : [train, { name: "validation", rows: validation, bytes: sizes.validation, perLabel: per("validation") }];
  const split =
    options.validation === undefined ? "" : ` --validation ${options.validation} --seed ${options.seed ?? 0}`;
  const { withSeeds = false, minLabelProbability: least } = options;
  const columns = [
    options.columns === "all" ? " --columns all" : "",
    withSeeds ? " --with-seeds" : "",
    least === undefined ? "" : ` --min-label-probability ${least}`,
  ].join("");
  const cut = least === undefined ? [] : [`Rows whose label a check gave a probability below ${least} were left out`];
  const near = "Rows that are nearly the same (7 in 10 word triples shared) are all in train, or all in validation";
  return datasetCard({
    ...options.card,
    name: options.card?.name ?? written.name,
    columns: fileColumns(options),
    labels: source.labels,
    tallies: source.tallies,
    splits,
    bytes: written.bytes,
    facts: runFacts(source.manifest),
    task: publicTask(source.manifest),
    commands: [...runCommands(source), `corrsynth export run --format hf --out dataset${split}${columns}`],
    samples: written.samples,
    isReviewed: !source.review.isEmpty,
    isChecked: fieldsOf(source.manifest.settings).check !== undefined,
    notes: [...notes, ...reviewNotes(source.review), ...cut, ...(options.validation === undefined ? [] : [near])],
  });
}

function runCommands({ manifest: { mergedFrom } }: ExportSource): string[] {
  if (!Array.isArray(mergedFrom)) return ["corrsynth run task.yaml --out run"];
  const parts = mergedFrom.map((_, part) => `part${part + 1}`);
  const runs = parts.map((part) => `corrsynth run task.yaml --out ${part}  # this part's own groups and count`);
  return [...runs, `corrsynth merge ${parts.join(" ")} --out run`];
}

type Fields = Readonly<Record<string, unknown>>;

/** How a run was made, a line for each thing that decides its rows. Of paths, the file's name alone. */
function runFacts({ settings, seed, teacher, versions, started, inputs, mergedFrom }: RunManifest): Fact[] {
  const { method, sampling, prompt, filters, check } = fieldsOf(settings);
  const { path, sha256, name, parameters } = fieldsOf(teacher);
  const { shots, format } = fieldsOf(prompt);
  const { corrsynth, llamaCpp } = fieldsOf(versions);
  const facts: [string, string | undefined][] = [
    ["Method", method === undefined ? undefined : methodText(fieldsOf(method))],
    ["Contrast", contrastText(fieldsOf(method))],
    ["Teacher", typeof path === "string" ? [given(name), fileName(path)].filter(Boolean).join(", ") : undefined],
    ["Parameters of the teacher", typeof parameters === "number" ? parameters.toLocaleString("en-US") : undefined],
    ["SHA-256 of the teacher", given(sha256)],
    ...["amateur", "guide"].map((role): [string, string | undefined] => {
      const { model } = fieldsOf(fieldsOf(settings)[role]);
      return [`Second model (${role})`, typeof model === "string" ? fileName(model) : undefined];
    }),
    ["Seed", given(seed)],
    ["Sampling", sampling === undefined ? undefined : list(fieldsOf(sampling), ["seed"])],
    ["Label check", check === undefined ? undefined : checkText(fieldsOf(check))],
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
 * The task as it was written, without what tells of the machine or the examples: of absolute paths the file's name
 * stays, and rows that stand in the task itself become the name of a file.
 */
function publicTask({ task }: RunManifest): Fields {
  const { device, ...fields } = fieldsOf(task); // where it ran decides nothing
  const named = { ...fields };
  for (const name of ["teacher", "amateur", "guide", "seeds", "contexts"]) {
    const value = fields[name];
    if (typeof value === "string") named[name] = fileName(value);
  }
  for (const name of ["seeds", "contexts"]) {
    if (typeof fields[name] === "object" && fields[name] !== null) named[name] = `${name}.jsonl`;
  }
  for (const name of ["prompt", "amateur", "guide", "check"]) {
    const value = fields[name];
    if (typeof value !== "object" || value === null) continue;
    const files = Object.entries(value).filter(([key, file]) => pathFields.has(key) && typeof file === "string");
    named[name] = { ...value, ...Object.fromEntries(files.map(([key, file]) => [key, fileName(file as string)])) };
  }
  return named;
}

/** Fields of a part of a task that name a file. */
const pathFields = new Set(["model", "template", "embedder"]);

function methodText({ name, ...parameters }: Fields): string {
  const settings = list(parameters, ["weights", "match"]);
  const matched = parameters.match === undefined ? "" : ` matching ${methodText(fieldsOf(parameters.match))}`;
  const weights = parameters.weights === undefined ? "" : " with the weights of the task";
  return `${String(name)}${settings === "" ? "" : ` (${settings})`}${matched}${weights}`;
}

function checkText({ embedder, ...parameters }: Fields): string {
  const model = typeof embedder === "string" ? `, embedder ${fileName(embedder)}` : "";
  return `${list(parameters, [])}${model}`;
}

// The total contrast of a row: what is taken from its own exponent gamma.
function contrastText({ name, gamma, delta, intra, cross }: Fields): string | undefined {
  if (name === "fewgen" || name === "fewgen-matched") return "none";
  const round = (value: number) => String(Number(value.toPrecision(12)));
  if (typeof intra === "number" && typeof cross === "number") {
    return (
      `${round(intra + cross)} of gamma ${String(gamma)}: ${intra} with rows of the same label, ${cross} ` +
      "with others"
    );
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
