/** Who scores a text under each label, and what all of them share. */
import type { Prompt } from "../engine/prompt.js";
import type { ScoreRequest } from "../engine/score.js";
import type { Teacher } from "../engine/teacher.js";
import { invalidField } from "../errors.js";

/** A row as a check reads it. */
export interface CheckRow {
  readonly id: string;
  readonly text: string;
  /** Number of the label that it was written for. */
  readonly label: number;
  /** Values of the prompt's placeholders beside the label: attributes, and the text of `context`. */
  readonly values: Readonly<Record<string, string>>;
}

/** How scoring is watched and stopped. */
export interface ScoringOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called now and then with the share of the rows that is scored, 0..1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

/** What of a teacher a check needs. */
export interface CheckTeacher extends Pick<Teacher, "score" | "countTokens" | "info"> {
  /** As `Teacher.tokenize`, which is no part of the package's types. */
  tokenize(prompts: readonly Prompt[]): Promise<Int32Array[]>;
}

/** Scores rows under all labels. */
export interface LabelScorer {
  /** Rows that calibrate it, by label, in random order; undefined where its scores need no calibration. */
  readonly spare: readonly (readonly CheckRow[])[] | undefined;
  /** ln of something proportional to the probability of each label, in label order, for each of the rows. */
  scores(rows: readonly CheckRow[], options?: ScoringOptions): Promise<number[][]>;
  /** What the teacher would be asked about rows; nothing of a check that does not ask it. */
  requests(rows: readonly CheckRow[]): Promise<ScoreRequest[]>;
  /** Lets go of what it has loaded. */
  close(): Promise<void>;
}

/** A teacher's scores of `labels` requests for each row, in the order of rows and labels. */
export async function scoreAll(
  teacher: CheckTeacher,
  requests: readonly ScoreRequest[],
  labels: number,
  threads: number | undefined,
  { signal, onProgress }: ScoringOptions,
): Promise<number[][]> {
  const scores = await teacher.score(requests, {
    signal,
    threads,
    onProgress: (done) => onProgress?.(done / requests.length),
  });
  return Array.from({ length: scores.length / labels }, (_, row) =>
    scores.slice(row * labels, (row + 1) * labels).map(({ logProbability }) => logProbability),
  );
}

/** Tokens of a text that there must be room for at least. */
const leastRoom = 16;

/**
 * Texts of which each fits the model's context together with the tokens around it: of one that is longer, its beginning.
 * @param around  tokens beside the text, at most.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when these leave no room for a text.
 */
export async function fitTexts(teacher: CheckTeacher, texts: readonly string[], around: number): Promise<string[]> {
  const { contextTrain } = teacher.info;
  const room = contextTrain - around;
  if (room < leastRoom) {
    const message =
      `Expected prompts of at most ${contextTrain - leastRoom} tokens, since the model was trained for ${contextTrain}, ` +
      `received ${around}: use fewer or shorter seeds, or fewer labels`;
    throw invalidField("check", message);
  }
  const fitting = [...texts];
  let open = texts.map((_, i) => i);
  for (let share = 1; open.length > 0; share *= 0.9) {
    const counts = await teacher.countTokens(open.map((i) => fitting[i]!));
    const long = open.filter((_, n) => counts[n]! > room);
    for (const [n, i] of open.entries()) {
      if (counts[n]! > room) fitting[i] = beginning(fitting[i]!, (share * room) / counts[n]!);
    }
    open = long;
  }
  return fitting;
}

// Whole characters of it, one at least.
function beginning(text: string, share: number): string {
  const end = Math.max(1, Math.floor(text.length * share));
  return text.slice(0, end).replace(/[\ud800-\udbff]$/, "") || text.slice(0, 2);
}
