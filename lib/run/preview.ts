/** What the prompts and the first rows of a run look like, before it is started. */
import { checkOption } from "../checks/option.js";
import type { NativeGroup } from "../engine/binding.js";
import type { Teacher } from "../engine/teacher.js";
import type { Instance } from "../instance.js";
import type { Calibration } from "../label-check/label-check.js";
import { groupShape } from "../methods/coupling.js";
import { type Strength, strengthOf } from "../methods/factors.js";
import { labelSets } from "../methods/label-sets.js";
import type { Role } from "../prompt/chat-frame.js";
import type { Group } from "../prompt/group.js";
import type { LabelNames, LabelsInput, TaskOf } from "../task/label-names.js";
import { type ResolvedSpec, resolveSpec } from "../task/spec.js";
import type { FinishedGroup } from "./checkpoint.js";
import { type Collapse, collapseOf, collapseRows } from "./collapse.js";
import { RowJudge } from "./judge.js";
import { produce } from "./make-groups.js";
import { type Prepared, prepare } from "./prepare.js";
import { type MadeGroup, type PreviewRow, previewRows } from "./preview-row.js";
import type { RejectedRow } from "./rejected-row.js";
import { Selection } from "./selection.js";
import { cutAt, type ProposedStop, proposeStops, stopNotes } from "./stop-proposals.js";
import { StopTally } from "./stop-tally.js";

/** A stretch of a prompt. */
export interface PreviewPart {
  readonly text: string;
  /** Who says it; absent of what the chat template adds, and of raw prompts. */
  readonly role?: Role;
}

/** A prompt, told once however many rows have it. */
export interface PreviewPrompt<Label extends string = string> {
  readonly label: Label;
  /** As the model reads it. */
  readonly text: string;
  /** The same in pieces. */
  readonly parts: readonly PreviewPart[];
}

/** What a preview may be told. */
export interface PreviewOptions {
  /** Rows to make at least, in whole groups: integer 1..256, default 16, as many as the figure of collapse takes. */
  readonly rows?: number;
}

/** The first groups of a run: their prompts, and what came of them. */
export interface Preview<Label extends string = string> {
  readonly format: "raw" | "chat";
  /** The prompts of those groups, each once, in the order in which they come up. */
  readonly prompts: readonly PreviewPrompt<Label>[];
  /** All rows, whatever becomes of them, with their whole texts; group after group. */
  readonly rows: readonly PreviewRow<Label>[];
  /** Those of them that are accepted. */
  readonly instances: readonly Instance<Label>[];
  /** The others, with why they are rejected; of the label check, with the label that they are taken for. */
  readonly rejected: readonly RejectedRow[];
  /** How many rows ended so: by a token of the model, by a text of `sampling.stop`, at `sampling.maxTokens`. */
  readonly endings: Readonly<Record<Instance["ending"], number>>;
  /** Rows that each text of `sampling.stop` ended; 0 of one that never matched. */
  readonly stops: Readonly<Record<string, number>>;
  /** Texts for `sampling.stop`, where at least half of the rows ran to the limit and have something in common. */
  readonly proposedStops: readonly ProposedStop[];
  /**
   * How much 16 rows repeat each other, rejected ones included, as they were written; up to a proposed stop, since an
   * echo of the prompt behind it is no text.
   */
  readonly collapse: Collapse;
  /** The same of 16 seeds, to compare it with; null of fewer than 16. */
  readonly seedCollapse: Collapse | null;
  /**
   * How strong the method is: what it does to each part of a row's distribution, the total contrast, and the temperature
   * that it amounts to; undefined for a matrix, where rows differ.
   */
  readonly strength: Strength | undefined;
  readonly warnings: readonly string[];
  /** What was done without being asked for: how the chat template is used. */
  readonly notes: readonly string[];
  /** What would end the rows, where at least half of them ran to `sampling.maxTokens`. */
  readonly advice: readonly string[];
}

/**
 * Renders the prompts of the first groups and generates them, for a person to look at: at least 16 rows, so that what the
 * teacher says over and over is seen.
 * @param spec What to synthesise, as for {@link synthesize}; its sources are read once.
 * @throws As {@link synthesize} and its first instance would; `InvalidConfigError` for a number of rows that is none.
 * @example
 * import { preview } from "corrsynth";
 * const { prompts, rows, collapse } = await preview(teacher, spec);
 * console.log(prompts[0].text);
 * for (const { text, fate, reason, ending } of rows) console.log(text, fate, reason, ending);
 * console.log(collapse.selfBleu, collapse.distinct2);
 */
export async function preview<Labels extends LabelsInput>(
  teacher: Teacher,
  spec: TaskOf<Labels> | ResolvedSpec,
  { rows = collapseRows }: PreviewOptions = {},
): Promise<Preview<LabelNames<Labels>>> {
  const isCount = Number.isInteger(rows) && rows >= 1 && rows <= mostRows;
  checkOption("rows", rows, `an integer from 1 to ${mostRows}`, isCount);
  const resolved = resolveSpec(spec);
  const { filters, method, labels } = resolved;
  const sizes = labelSets(method, labels.length);
  const { generating } = groupShape(method, sizes.labels, sizes.own);
  const count = Math.ceil(rows / generating);
  const shown = { ...resolved, filters: { ...filters, keepRejected: true } };
  const prepared = await prepare(teacher, shown, { groups: () => count });
  try {
    return (await previewOf(teacher, prepared, count)) as Preview<LabelNames<Labels>>;
  } finally {
    await prepared.close();
  }
}

const mostRows = 256;

async function previewOf(teacher: Teacher, prepared: Prepared, count: number): Promise<Preview> {
  const { spec, sources } = prepared;
  const remarks: string[] = [];
  const made = await make(teacher, prepared, count, ({ from, texts }) => {
    if (from === "rows")
      remarks.push(`The label check is calibrated by ${texts} rows of this preview alone: a run takes more`);
  });
  const { stop, maxTokens } = spec.sampling;
  const stops = new StopTally(stop);
  const prompts = new Prompts(spec);
  const rows: PreviewRow[] = [];
  for (const group of made) {
    stops.add(group.result);
    rows.push(...previewRows(prepared, group, (m) => prompts.numberOf(group.group, m)));
  }
  const proposedStops = proposeStops(rows, sources.seeds, stop);
  const ended = (how: Instance["ending"]) => rows.filter(({ ending }) => ending === how).length;
  return {
    format: spec.prompt.format,
    prompts: prompts.all,
    rows,
    instances: made.flatMap(({ judged }) => judged.instances),
    rejected: made.flatMap(({ judged: { rejected = [] } }) => rejected),
    endings: { eos: ended("eos"), stop: ended("stop"), length: ended("length") },
    stops: stops.counts(),
    proposedStops,
    collapse: collapseOf(rows.map(({ written }) => cutAt(proposedStops, written))),
    seedCollapse: sources.seeds.size < collapseRows ? null : collapseOf([...sources.seeds]),
    strength: strengthOf(spec.method),
    warnings: [...prepared.warnings, ...stops.remarks()],
    notes: [...prepared.notes, ...remarks],
    advice: stopNotes(rows, proposedStops, maxTokens),
  };
}

/** Makes the first groups, judged as a run would. */
async function make(
  teacher: Teacher,
  prepared: Prepared,
  count: number,
  onCalibration: (calibration: Calibration) => void,
): Promise<MadeGroup[]> {
  const judge = new RowJudge(prepared, { onCalibration });
  const selection = await Selection.create(prepared.spec);
  const written: { group: Group; result: NativeGroup }[] = [];
  const made: MadeGroup[] = [];
  const take = async (group: FinishedGroup) => {
    const judged = await selection.take(group);
    for (const row of judged.instances) prepared.taboo?.see(row);
    made.push({ ...written[made.length]!, judged });
  };
  await produce(
    teacher,
    prepared,
    { first: 0, count },
    {
      judge(group, result) {
        written.push({ group, result });
        return judge.judge(group, result);
      },
      isHeld: () => judge.isHeld,
      release: () => judge.release(),
      take,
    },
  );
  return made;
}

/** The prompts so far, each once. */
class Prompts {
  readonly all: PreviewPrompt[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #spec: ResolvedSpec;

  constructor(spec: ResolvedSpec) {
    this.#spec = spec;
  }

  numberOf(group: Group, m: number): number {
    const label = this.#spec.labels[group.labels[m]!]!.name;
    const parts = group.prompts[m]!.map(({ text, role }) => ({ text, ...(role === undefined ? {} : { role }) }));
    const text = parts.map((part) => part.text).join("");
    const key = JSON.stringify([label, text]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    this.#numbers.set(key, this.all.length);
    return this.all.push({ label, text, parts }) - 1;
  }
}
