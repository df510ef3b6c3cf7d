// The arena: which recipe makes the better classifier, on the user's own task and model. What `corrsynth arena` does.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadEmbedder } from "../engine/load.js";
import type { Teacher } from "../engine/teacher.js";
import { replaceFile } from "../files/atomic-write.js";
import { readSource } from "../prompt/seeds.js";
import { evaluationRandom } from "../random.js";
import { checkTask } from "../run/check-task.js";
import { versions } from "../store/describe-run.js";
import { HeldDirectory } from "../store/held-directory.js";
import type { LabelledText } from "../students/student.js";
import type { LabelsInput, TaskOf } from "../task/label-names.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";
import type { ArmInput } from "./arm.js";
import { type ResolvedArms, resolvedArms } from "./arms.js";
import { writeBegun } from "./begun.js";
import { figuresOf } from "./figures.js";
import { drawnPrompts, firstSeed, type HumanRows, humanRows, seedLines } from "./human-rows.js";
import { type ArenaOptions, type ArenaSettings, arenaSettings } from "./options.js";
import { type ArenaRecord, checkDirectory, samplesPerArm, writeRecord } from "./record.js";
import { type MadeRun, makeRuns } from "./runs.js";
import { summaryOf } from "./summary.js";
import { taskFile, writtenTask } from "./task-file.js";

/** What {@link arena} came to. */
export interface ArenaResult {
  /** All figures: the content of DIR/arena.json. */
  readonly record: ArenaRecord;
  /** The same for people, in Markdown. */
  readonly summary: string;
  /** Paths of the page, and of the task to go on with. */
  readonly report: string;
  readonly task: string;
}

/**
 * Runs a task with several recipes, its arms, and says which of them makes the better classifier at equal cost. Each arm is run with
 * several seeds, all arms of a seed before those of the next: DIR/arms/NAME/seed-i is an ordinary run directory. Students learn from
 * the rows, alone and with the examples of the prompts, and are tested on gold, or on half of the seeds, which no prompt then has. Arms are
 * compared with FewGen, paired by seed, at as many rows and at as many tokens.
 *
 * Stopped or killed, the same call goes on: what is done is not made again. Figures are computed anew each time, into DIR/arena.json,
 * DIR/arena.md, DIR/report.html and DIR/task.yaml, the task with the fields of the winner, or as it was.
 *
 * @param directory New, empty, or with this arena.
 * @param teacher The teacher; or what loads it, which is called once the directory is held, and is closed at the end.
 * @param task As for `synthesizeTo`, as it is written: not one that `resolveSpec` gave back. Its `count` says how the rows of a run are
 *   shared among the labels, its seed is replaced by 7 + i.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field, option and arm; with every seed that gold has; when the
 *   directory holds other runs, with the differences; when it holds something else, or cannot be written.
 * @throws {HeldError} CORRSYNTH_HELD when another process writes to it.
 * @throws Whatever `synthesizeTo` throws of FewGen. Another arm that cannot be run is left out, and the record says why.
 * @example
 * import { arena } from "corrsynth/arena";
 * const texts = ["a tall tree", "a red rose", "a wild herb", "a big dog", "a small bird", "a grey wolf"];
 * const seeds = texts.map((text, i) => ({ text, label: i < 3 ? "a plant" : "an animal" }));
 * const arms = [{ name: "cool", fields: { sampling: { temperature: 0.7 } } }];
 * const { record, summary } = await arena("arena", teacher, { ...spec, seeds }, { arms, rows: 4, seeds: 1 });
 * console.log(record.tables.tokens.map(({ arm }) => arm)); // [ 'fewgen', 'cool' ]
 * console.log(summary);
 */
export async function arena<Labels extends LabelsInput>(
  directory: string,
  teacher: Teacher | (() => Promise<Teacher>),
  task: TaskOf<Labels>,
  options: ArenaOptions = {},
): Promise<ArenaResult> {
  const spec = task as unknown as SynthesisSpec;
  return await runArena(directory, teacher, spec, { arms: "quick", ...withoutUndefined(options) });
}

/** An arena whose arms, the one to beat, and deadline are chosen by the caller. */
export interface ArenaPlan extends ArenaOptions {
  /** The arm to beat where `arms` has none of its name; default FewGen. */
  readonly baseline?: ArmInput | undefined;
  /** What it is of; default "arena". One that tunes is given no gold. */
  readonly kind?: "arena" | "tune" | undefined;
  /** In place of `hours`. */
  readonly deadline?: AbortSignal | undefined;
}

/** As {@link arena}. */
export async function runArena(
  directory: string,
  teacher: Teacher | (() => Promise<Teacher>),
  given: SynthesisSpec,
  options: ArenaPlan,
): Promise<ArenaResult> {
  const spec = resolveSpec(given);
  const takesGold = options.kind !== "tune";
  const settings = arenaSettings(options, spec, takesGold);
  const arms = resolvedArms(options.arms ?? "quick", given, options.baseline, settings.tokens);
  const deadline = options.deadline ?? timeLimit(settings.hours);
  const held = await HeldDirectory.take(directory, { signal: options.signal, onWait: options.onWait });
  let loaded: Teacher | undefined;
  try {
    await checkDirectory(directory);
    const human = await humanRows(spec, options.gold, takesGold);
    const task = await repeatable(given, spec);
    if (typeof teacher === "function") {
      await checkTask(spec);
      loaded = await teacher();
    }
    const used = loaded ?? (teacher as Teacher);
    return await new Arena(directory, held, used, { task, spec, settings, arms, human, options, deadline }).make();
  } finally {
    await held.release();
    await loaded?.close();
  }
}

function withoutUndefined<T extends object>(options: T): T {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;
}

function timeLimit(hours: number | null): AbortSignal | undefined {
  return hours === null ? undefined : AbortSignal.timeout(Math.ceil(hours * 3_600_000));
}

// Contexts of a program can be read by every run.
async function repeatable(task: SynthesisSpec, { contexts, contextDeal }: ResolvedSpec): Promise<SynthesisSpec> {
  if (contexts === undefined || typeof contexts === "string") return task;
  return { ...task, contexts: { from: await readSource(contexts, "contexts"), ...contextDeal } };
}

/** What an arena is of. */
interface Contest {
  readonly task: SynthesisSpec;
  readonly spec: ResolvedSpec;
  readonly settings: ArenaSettings;
  readonly arms: ResolvedArms;
  readonly human: HumanRows;
  readonly options: ArenaPlan;
  readonly deadline: AbortSignal | undefined;
}

/** The arena of a directory that this process holds. */
class Arena {
  readonly #directory: string;
  readonly #held: HeldDirectory;
  readonly #teacher: Teacher;
  readonly #contest: Contest;

  constructor(directory: string, held: HeldDirectory, teacher: Teacher, contest: Contest) {
    this.#directory = directory;
    this.#held = held;
    this.#teacher = teacher;
    this.#contest = contest;
  }

  async make(): Promise<ArenaResult> {
    const { task, spec, settings, arms, human, options, deadline } = this.#contest;
    const { signal, onRun, onProgress } = options;
    await this.#held.check();
    const names = arms.arms.map(({ name }) => name);
    await writeBegun(this.#directory, { kind: options.kind ?? "arena", arms: names, settings });
    await this.#writeSeeds();
    // what is wrong with it is said before hours of decoding
    if (options.embedder !== undefined) await (await loadEmbedder(options.embedder)).close();
    const { runs, failed, isWhole } = await makeRuns({
      ...{ directory: this.#directory, teacher: this.#teacher, task, settings, arms: arms.arms },
      embedder: options.embedder,
      ...{ seedsOf: (seed: number) => this.#seedsPath(`seed-${seed}`), signal, deadline, onRun, onProgress },
    });
    const judged = { spec, settings, arms, human, promptsOf: (seed: number) => this.#prompts(seed) };
    const record = {
      ...(await figuresOf(runs, judged, options)),
      failed,
      state: isWhole ? ("done" as const) : ("stopped" as const),
    };
    return await this.#write(record, runs);
  }

  #seedsPath(name: string): string | undefined {
    return this.#contest.human.prompts === null ? undefined : join(this.#directory, "seeds", `${name}.jsonl`);
  }

  #prompts(seed: number) {
    const { human, settings } = this.#contest;
    return human.prompts && drawnPrompts(human.prompts, seed, settings.perLabel);
  }

  // The same each time: a run that goes on finds the file that it began with.
  async #writeSeeds(): Promise<void> {
    const { human, settings, spec } = this.#contest;
    if (human.prompts === null) return;
    await mkdir(join(this.#directory, "seeds"), { recursive: true });
    await this.#held.check();
    for (let seed = 0; seed < settings.seeds; seed++) {
      await replaceFile(this.#seedsPath(`seed-${seed}`)!, seedLines(this.#prompts(seed)!, spec.labels));
    }
    await replaceFile(this.#seedsPath("prompts")!, seedLines(human.prompts, spec.labels));
  }

  async #write(record: ArenaRecord, runs: readonly MadeRun[]): Promise<ArenaResult> {
    const { task, options } = this.#contest;
    const { corrsynth } = versions();
    const written =
      options.written ??
      writtenTask(task, { teacher: this.#teacher.info.path, seeds: this.#seedsPath("prompts") ?? "" });
    const text = taskFile(written, record.winner, record.words[0] ?? "");
    const samples = new Map(
      record.arms.map(({ name }) => [name, sampleOf(runs.find(({ arm }) => arm === name)?.rows ?? [])]),
    );
    const made = `Made by corrsynth ${corrsynth} on ${new Date().toISOString().slice(0, 10)}.`;
    const { arenaPage } = await import("./page.js"); // the chart library takes a while to load
    const page = await arenaPage(record, { samples, task: text, made });
    const summary = summaryOf(record);
    await this.#held.check();
    const pathOf = (name: string) => join(this.#directory, name);
    await replaceFile(pathOf("task.yaml"), text);
    await replaceFile(pathOf("arena.md"), summary);
    await replaceFile(pathOf("report.html"), page);
    await writeRecord(this.#directory, record);
    return { record, summary, report: pathOf("report.html"), task: pathOf("task.yaml") };
  }
}

function sampleOf(rows: readonly LabelledText[]): LabelledText[] {
  const drawn = evaluationRandom(firstSeed, "sample", 1).sample(rows.length, Math.min(rows.length, samplesPerArm));
  return drawn.map((r) => ({ text: rows[r]!.text, label: rows[r]!.label }));
}
