// The card of a run that is exported.
import { datasetCard } from "./dataset-card.js";
import { type ExportOptions, fileColumns } from "./options.js";
import { publicTask, runFacts } from "./run-facts.js";
import type { ExportSource } from "./source.js";
import type { SplitPlan } from "./split-plan.js";

/** The first text of each label that has one. */
export type Samples = readonly (readonly [label: string, text: string])[];

/** README.md of the dataset. */
export function exportCard(
  source: ExportSource,
  options: ExportOptions,
  { labels, validation, notes }: SplitPlan,
  written: { readonly bytes: number; readonly samples: Samples; readonly name: string },
): string {
  const per = (split: "train" | "validation") => source.labels.map((name) => labels[name]![split]);
  const train = { name: "train", rows: source.rows - validation, perLabel: per("train") };
  const splits =
    options.validation === undefined
      ? [train]
      : [train, { name: "validation", rows: validation, perLabel: per("validation") }];
  const split =
    options.validation === undefined ? "" : ` --validation ${options.validation} --seed ${options.seed ?? 0}`;
  const columns = options.columns === "all" ? " --columns all" : "";
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
    notes: options.validation === undefined ? notes : [...notes, near],
  });
}

function runCommands({ manifest: { mergedFrom } }: ExportSource): string[] {
  if (!Array.isArray(mergedFrom)) return ["corrsynth run task.yaml --out run"];
  const parts = mergedFrom.map((_, part) => `part${part + 1}`);
  const runs = parts.map((part) => `corrsynth run task.yaml --out ${part}  # this part's own groups and count`);
  return [...runs, `corrsynth merge ${parts.join(" ")} --out run`];
}
