/** The label check of a task: who scores the labels, what calibrates the scores, and what comes of both. */
import { EngineError, invalidField } from "../errors.js";
import type { Instance } from "../instance.js";
import type { GroupFactory } from "../prompt/group.js";
import type { SeedPools } from "../prompt/seeds.js";
import type { LabelCheckSpec, ResolvedSpec } from "../task/spec.js";
import { ChannelScorer } from "./channel.js";
import { decide, type Judgement, meanScores } from "./decide.js";
import { DirectScorer } from "./direct.js";
import type { CheckRow, CheckTeacher, LabelScorer, ScoringOptions } from "./scorer.js";
import { StudentScorer } from "./student.js";

/** What is taken off the scores of the labels, so that none is favoured on the whole. */
export interface Calibration {
  /** In nats, for each label in the order of the task. */
  readonly constants: readonly number[];
  /** What they are the mean scores of; "none" of a student, which needs none. */
  readonly from: "seeds" | "rows" | "none";
  /** Texts that they are the mean of. */
  readonly texts: number;
}

/** Seeds that calibrate a check: so many in all at most, and so many of each label at least and at most. */
const mostSeeds = 200;
const [fewestOfLabel, mostOfLabel] = [4, 16];

/** What of a prepared task a check is made from. */
export interface CheckMaterials {
  readonly pools: SeedPools;
  readonly contexts: SeedPools;
  readonly factory: Pick<GroupFactory, "labelPrompts">;
}

/** A row with its label, and what the placeholders of its prompt stood for. */
export interface LabelledRow {
  readonly text: string;
  readonly label: string;
  readonly attributes?: Instance["attributes"] | undefined;
  /** Id of its context. */
  readonly context?: string | undefined;
}

/** Judges rows, in whatever order and number. */
export class LabelCheck {
  readonly #spec: ResolvedSpec;
  readonly #check: LabelCheckSpec;
  readonly #scorer: LabelScorer;
  readonly #labels: ReadonlyMap<string, number>;
  readonly #contexts: ReadonlyMap<string, string>;
  /** Seeds that calibrate it, by label; empty where there are too few. */
  readonly calibrators: readonly (readonly CheckRow[])[];

  private constructor(spec: ResolvedSpec, check: LabelCheckSpec, scorer: LabelScorer, contexts: SeedPools) {
    this.#spec = spec;
    this.#check = check;
    this.#scorer = scorer;
    this.#labels = new Map(spec.labels.map(({ name }, label) => [name, label]));
    this.#contexts = new Map(contexts.flatMap((pool) => pool.map(({ id, text }) => [id, text])));
    this.calibrators = calibrators(scorer.spare ?? [], spec.labels.length);
  }

  /**
   * The check of a task; undefined where it has none.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when there are too few seeds for a student.
   */
  static async create(
    teacher: CheckTeacher,
    spec: ResolvedSpec,
    materials: CheckMaterials,
  ): Promise<LabelCheck | undefined> {
    const { check } = spec;
    if (check === undefined) return undefined;
    const scorer = await scorerOf(teacher, spec, check, materials);
    return new LabelCheck(spec, check, scorer, materials.contexts);
  }

  /** What calibrates it: nothing, seeds that its prompts do not have, or, where these are too few, rows of the run. */
  get calibratedBy(): Calibration["from"] {
    if (this.#scorer.spare === undefined) return "none";
    return this.calibrators.length > 0 ? "seeds" : "rows";
  }

  /**
   * Why the check cannot be had where there are no first rows to calibrate it: in a shard, or a worker of a queue;
   * undefined where it can.
   */
  get seedIssue(): { path: string; message: string } | undefined {
    if (this.calibratedBy !== "rows") return undefined;
    const { labels } = this.#spec;
    const counts = labels.map((_, label) => this.#scorer.spare?.[label]?.length ?? 0);
    const fewest = Math.min(...counts);
    const { name } = labels[counts.indexOf(fewest)]!;
    const message =
      `Expected at least ${fewestSeeds(labels.length)} seeds of each label beside those in the check's prompts, to ` +
      `calibrate it where groups do not begin at 0, received ${fewest} of "${name}": give more seeds, or check the ` +
      "rows when they are together, with checkLabels";
    return { path: "check", message };
  }

  /**
   * Calibrates it.
   * @param rows  of the run, where it is calibrated by these.
   */
  async calibrate(rows: readonly CheckRow[] = [], options?: ScoringOptions): Promise<Calibration> {
    const from = this.calibratedBy;
    const { labels } = this.#spec;
    const used = from === "seeds" ? this.calibrators.flat() : rows;
    if (from === "none" || used.length === 0) return { constants: labels.map(() => 0), from, texts: 0 };
    const scores = await this.#scores(used, options);
    const constants = meanScores(
      scores,
      used.map(({ label }) => label),
    );
    return { constants, from, texts: used.length };
  }

  /**
   * Judges rows.
   * @throws {EngineError} CORRSYNTH_ENGINE at a row whose scores are no finite numbers.
   */
  async judge(
    rows: readonly CheckRow[],
    { constants }: Pick<Calibration, "constants">,
    options?: ScoringOptions,
  ): Promise<Judgement[]> {
    const scores = await this.#scores(rows, options);
    return rows.map(({ label }, i) => decide(scores[i]!, constants, label, this.#check.keep));
  }

  /** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when the context of a row is none of the task's. */
  rowOf(row: LabelledRow, place: string): CheckRow {
    const { attributes = {}, context } = row;
    const label = this.#labels.get(row.label)!;
    const text = context === undefined ? undefined : this.#contexts.get(context);
    if (text === undefined && this.#contexts.size > 0) {
      const message = `Expected the id of one of the task's contexts, received ${JSON.stringify(context) ?? "nothing"}`;
      throw invalidField(`${place}.context`, message);
    }
    const values = { ...attributes, ...(text === undefined ? {} : { context: text }) };
    return { id: place, text: row.text, label, values };
  }

  /** What the teacher would be asked about rows; nothing of a student. */
  requests(rows: readonly CheckRow[]): ReturnType<LabelScorer["requests"]> {
    return this.#scorer.requests(rows);
  }

  /** Lets go of the model that it has loaded, if it has. */
  close(): Promise<void> {
    return this.#scorer.close();
  }

  async #scores(rows: readonly CheckRow[], options?: ScoringOptions): Promise<number[][]> {
    if (rows.length === 0) return [];
    const scores = await this.#scorer.scores(rows, options);
    for (const [i, { id }] of rows.entries()) {
      const wrong = scores[i]!.findIndex((score) => !Number.isFinite(score));
      if (wrong < 0) continue;
      const { name } = this.#spec.labels[wrong]!;
      throw new EngineError(
        `Expected finite scores from the label check, received ${scores[i]![wrong]} for label "${name}" of row ${id}: ` +
          "the model's logits are no finite numbers there; try another model or device",
      );
    }
    return scores;
  }
}

async function scorerOf(
  teacher: CheckTeacher,
  spec: ResolvedSpec,
  check: LabelCheckSpec,
  materials: CheckMaterials,
): Promise<LabelScorer> {
  if (check.by === "student") return await StudentScorer.create(spec, check, materials.pools);
  if (check.form === "channel") return new ChannelScorer(teacher, spec, materials);
  return await DirectScorer.create(teacher, spec, materials);
}

function fewestSeeds(labels: number): number {
  return Math.max(1, Math.min(fewestOfLabel, Math.floor(mostSeeds / labels)));
}

// As many seeds of each label, or none where one has too few.
function calibrators(spare: readonly (readonly CheckRow[])[], labels: number): readonly (readonly CheckRow[])[] {
  const fewest = Math.min(...Array.from({ length: labels }, (_, label) => spare[label]?.length ?? 0));
  if (fewest < fewestSeeds(labels)) return [];
  const ofLabel = Math.min(fewest, mostOfLabel, Math.max(1, Math.floor(mostSeeds / labels)));
  return spare.map((rows) => rows.slice(0, ofLabel));
}
