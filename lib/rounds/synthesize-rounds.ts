// Rounds that learn from the rows before: what `corrsynth rounds` does.
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Teacher } from "../engine/teacher.js";
import { invalidField } from "../errors.js";
import { isThere } from "../files/regular-file.js";
import { sum } from "../numbers/sum.js";
import { checkTask } from "../run/check-task.js";
import { describeRun } from "../store/describe-run.js";
import { HeldDirectory } from "../store/held-directory.js";
import { contents } from "../store/stored-run.js";
import { synthesizeTo } from "../store/synthesize-to.js";
import type { LabelsInput, TaskOf } from "../task/label-names.js";
import { changedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { type DatasetRound, datasetName, writeDataset } from "./dataset.js";
import { Decider } from "./decider.js";
import { checkedRounds, type RoundsOptions } from "./options.js";
import { countsOf } from "./policy.js";
import { checkSameRounds, type RoundRecord, type RoundsRecord, readRecord, recordName, writeRecord } from "./record.js";
import { embeddingStudent, proxyStudent } from "./round-student.js";
import { readRound, roundPath } from "./rows.js";
import { loadStudentModel, type RoundSources, readRoundSources } from "./sources.js";

/**
 * What {@link synthesizeRounds} came to.
 * @inline
 */
export interface SynthesizedRounds {
  /** A run directory with the rows of all rounds that were not dropped, for `readRun`, `exportRun` and `evaluate`. */
  readonly dataset: string;
  /** Rows of it, by label. */
  readonly labels: Readonly<Record<string, number>>;
  /** Rows that it has fewer than `count` asks for, by label: another round makes up for them. */
  readonly missing: Readonly<Record<string, number>>;
  /** What each round took from those before. */
  readonly rounds: readonly RoundRecord[];
}

/**
 * Makes a dataset in rounds, each of which takes something from the rows before: examples, contexts, or what is missing.
 * Round i is an ordinary run directory, DIR/round-i, with seed `sampling.seed` + i − 1; DIR/rounds.json says what each took; and
 * DIR/dataset has the rows of all, without those that repeat earlier ones or that the policy drops.
 *
 * `count` is what each round adds; with "agree", which makes up for what it drops, and "weights" it is what the dataset is to have.
 * Stopped or killed, the same call goes on; a larger `rounds` adds some, and with them `count` may be raised.
 * With `engine.reproducible` the dataset is the same byte for byte, however often it was stopped.
 *
 * @param directory New, empty, or with these rounds.
 * @param teacher The teacher; or what loads it, which is called once the directory is held, and is closed at the end.
 * @param task As for `synthesizeTo`.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field or option; when the directory holds other
 *   rounds, with the differences; when it holds something else, or cannot be written.
 * @throws {HeldError} CORRSYNTH_HELD when another process writes to it.
 * @throws Whatever `synthesizeTo` throws of a round; what was made stays.
 * @example
 * const { dataset, labels } = await synthesizeRounds("rounds", teacher, spec, { policy: "weights" });
 * const { rows } = await readRun(dataset);
 * console.log(rows.length, labels);
 */
export async function synthesizeRounds<Labels extends LabelsInput>(
  directory: string,
  teacher: Teacher | (() => Promise<Teacher>),
  task: TaskOf<Labels>,
  options: RoundsOptions,
): Promise<SynthesizedRounds> {
  const resolved = resolveSpec(task);
  const rounds = checkedRounds(options, resolved);
  const held = await HeldDirectory.take(directory, { signal: options.signal, onWait: options.onWait });
  let loaded: Teacher | undefined;
  try {
    const stored = await readRecord(directory);
    if (stored === undefined) await checkEmpty(directory);
    const sources = await readRoundSources(resolved, options);
    if (typeof teacher === "function") {
      await checkTask(sources.spec);
      loaded = await teacher();
    }
    const used = loaded ?? (teacher as Teacher);
    const written = (options.written ?? task) as object;
    return await new Rounds(directory, held, used, sources, written, options).make(stored, rounds);
  } finally {
    await held.release();
    await loaded?.close();
  }
}

async function checkEmpty(directory: string): Promise<void> {
  const others = (await contents(directory)).filter((name) => !name.endsWith(".tmp"));
  if (others.length === 0) return;
  throw invalidField(
    directory,
    `Expected an empty or a new directory, or one of rounds, this one holds ${others.length} files without ${recordName}: choose another`,
  );
}

/** The rounds of a directory that this process holds. */
class Rounds {
  readonly #directory: string;
  readonly #held: HeldDirectory;
  readonly #teacher: Teacher;
  readonly #sources: RoundSources;
  readonly #written: object;
  readonly #options: RoundsOptions;

  constructor(
    directory: string,
    held: HeldDirectory,
    teacher: Teacher,
    sources: RoundSources,
    written: object,
    options: RoundsOptions,
  ) {
    this.#directory = directory;
    this.#held = held;
    this.#teacher = teacher;
    this.#sources = sources;
    this.#written = written;
    this.#options = options;
  }

  async make(stored: RoundsRecord | undefined, rounds: number): Promise<SynthesizedRounds> {
    const { spec, inputs } = this.#sources;
    const { policy, signal, cache } = this.#options;
    const description = await describeRun(this.#teacher, spec, this.#written, new Date());
    const wanted = { ...description, inputs: { ...description.inputs, ...inputs } };
    if (stored !== undefined) checkSameRounds(this.#directory, stored, wanted, { policy, rounds });
    const begun = { ...wanted, started: stored?.started ?? wanted.started };
    let record: RoundsRecord = { format: 1, policy, rounds: [], end: null, dataset: null, ...stored, ...begun };
    const save = async (change: Partial<RoundsRecord>) => {
      await this.#held.check();
      record = { ...record, ...change };
      await writeRecord(this.#directory, record);
    };
    const names = spec.labels.map(({ name }) => name);
    const model = await loadStudentModel(this.#options);
    try {
      const asked = { threads: spec.engine.threads, cache, signal };
      const student = model === undefined ? proxyStudent(names) : embeddingStudent(names, model, asked);
      const decider = new Decider(this.#directory, this.#sources, policy, student);
      for (let round = 1; round <= rounds; round++) {
        signal?.throwIfAborted();
        const known = record.rounds[round - 1];
        const own = known ?? (await decider.round(round));
        if (known === undefined) await save({ rounds: [...record.rounds, own], end: null });
        decider.drop(own);
        this.#options.onRound?.(own);
        if (sum(own.count) > 0) await this.#makeRound(own);
        const rows = sum(own.count) > 0 ? await readRound(this.#directory, round, this.#sources.contextTexts) : [];
        decider.add(round, rows);
      }
      if (record.end?.rounds !== rounds) await save({ end: await decider.end(rounds), dataset: null });
      const end = record.end!;
      decider.drop(end);
      const parts = decider.parts();
      if (record.dataset !== rounds) {
        await writeDataset(this.#directory, names, parts, end.weights);
        await save({ dataset: rounds });
      }
      return this.#outcome(names, parts, record.rounds);
    } finally {
      await model?.close();
    }
  }

  #outcome(
    names: readonly string[],
    parts: readonly DatasetRound[],
    rounds: readonly RoundRecord[],
  ): SynthesizedRounds {
    const kept = parts.flatMap(({ rows, reasons }) => rows.filter(({ id }) => !reasons.has(id)));
    const counts = countsOf(names, kept);
    const times = this.#options.policy === "agree" ? 1 : rounds.length; // what `count` is for
    const lacks = this.#sources.spec.count.map((count, k) => Math.max(0, times * count - counts[k]!));
    return {
      dataset: join(this.#directory, datasetName),
      labels: Object.fromEntries(names.map((name, k) => [name, counts[k]!])),
      missing: Object.fromEntries(names.map((name, k) => [name, lacks[k]!])),
      rounds,
    };
  }

  async #makeRound({ round, count, seed, seeds, contexts }: RoundRecord): Promise<void> {
    const { spec } = this.#sources;
    const pathOf = (taken: RoundRecord["seeds"]) => (taken === null ? undefined : join(this.#directory, taken.file));
    const own = changedSpec(spec, { count, seed, seeds: pathOf(seeds), contexts: pathOf(contexts) });
    const { sampling } = this.#written as { sampling?: object };
    const written = {
      ...this.#written,
      count: Object.fromEntries(spec.labels.map(({ name }, k) => [name, count[k]!])),
      sampling: { ...sampling, seed },
      ...(seeds === null ? {} : { seeds: own.seeds }),
      ...(contexts === null ? {} : { contexts: { from: own.contexts, ...spec.contextDeal } }),
    };
    const { signal, onProgress } = this.#options;
    const to = {
      signal,
      written,
      onProgress: onProgress && ((progress: Parameters<typeof onProgress>[0]) => onProgress(progress, round)),
    };
    try {
      await synthesizeTo(roundPath(this.#directory, round), this.#teacher, own as unknown as SynthesisSpec, to);
    } catch (error) {
      // of a first round that was refused nothing stays
      if (!(await isThere(roundPath(this.#directory, 1)))) await rm(join(this.#directory, recordName), { force: true });
      throw error;
    }
  }
}
