/** What a classifier that was trained on the seeds takes a text for. */
import { loadEmbedder } from "../engine/load.js";
import type { ScoreRequest } from "../engine/score.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import type { SeedPools } from "../prompt/seeds.js";
import { trainStudent } from "../students/train.js";
import type { ResolvedSpec, StudentCheck } from "../task/spec.js";
import type { CheckRow, LabelScorer, ScoringOptions } from "./scorer.js";

/** Seeds of a label that a student learns from at least. */
const fewestSeeds = 2;

/** Labels of which there are too few seeds for the student of a task; none of a task that has no student. */
export function studentIssues(
  { check, labels }: Pick<ResolvedSpec, "check" | "labels">,
  pools: SeedPools,
): ConfigIssue[] {
  if (check?.by !== "student") return [];
  return labels.flatMap(({ name }, label) => {
    const { length } = pools[label] ?? [];
    if (length >= fewestSeeds) return [];
    const message = `Expected at least ${fewestSeeds} seeds of "${name}" for the student to learn from, received ${length}`;
    return [{ path: "check", message: `${message}: add some, or let the teacher check` }];
  });
}

/** Probabilities of labels, one array a text. */
type Classify = (texts: readonly string[], options: ScoringOptions) => Promise<Float64Array[]>;

/** Rows of a run are no seeds, so the student has seen none of what it judges. The same seeds give the same student. */
export class StudentScorer implements LabelScorer {
  readonly spare = undefined;
  readonly #classify: Classify;
  readonly close: () => Promise<void>;

  private constructor(classify: Classify, close: () => Promise<void>) {
    this.#classify = classify;
    this.close = close;
  }

  /** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when a label has fewer than two seeds. */
  static async create(spec: ResolvedSpec, check: StudentCheck, pools: SeedPools): Promise<StudentScorer> {
    const issues = studentIssues(spec, pools);
    if (issues.length > 0) throw new InvalidConfigError(issues);
    const labels = spec.labels.map(({ name }) => name);
    const rows = pools.flatMap((pool, label) => pool.map(({ text }) => ({ text, label: labels[label]! })));
    if (check.embedder === undefined) {
      const student = trainStudent(rows, { kind: "proxy", labels });
      return new StudentScorer(
        async (texts) => student.probabilities(texts),
        async () => {},
      );
    }
    const model = await loadEmbedder(check.embedder);
    try {
      const { threads } = spec.engine;
      const embed = (texts: readonly string[], { signal, onProgress }: ScoringOptions = {}) =>
        model.embed(texts, { threads, signal, onProgress: (done) => onProgress?.(done / texts.length) });
      const vectors = await embed(rows.map(({ text }) => text));
      const seen = rows.map(({ label }, i) => ({ label, vector: vectors[i]! }));
      const student = trainStudent(seen, { kind: "logistic", labels });
      return new StudentScorer(
        async (texts, options) => student.probabilities(await embed(texts, options)),
        () => model.close(),
      );
    } catch (error) {
      await model.close();
      throw error;
    }
  }

  async scores(rows: readonly CheckRow[], options: ScoringOptions = {}): Promise<number[][]> {
    const texts = rows.map(({ text }) => text);
    const probabilities = await this.#classify(texts, options);
    // of what is as good as impossible the logarithm is finite all the same
    return probabilities.map((row) => Array.from(row, (p) => Math.log(Math.max(p, Number.MIN_VALUE))));
  }

  async requests(): Promise<ScoreRequest[]> {
    return [];
  }
}
