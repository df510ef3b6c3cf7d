// The rows that students learn from and are tested on, as each kind of student reads them.
import { type Progress, partOf } from "../numbers/progress.js";
import { countWords } from "../students/proxy.js";
import type { TextRow } from "../students/student.js";
import { logisticKind, proxyKind, type StudentKind, type StudyRow } from "./drawn-students.js";

/** Most rows of each part that students learn from or are tested on; of more, so many are drawn. */
export const mostStudyRows = 5000;

/** What rows may come from. */
export interface StudyParts<Row> {
  readonly data: readonly Row[];
  /** Null where they were not given. */
  readonly seeds: readonly Row[] | null;
  readonly goldTrain: readonly Row[] | null;
  readonly gold: readonly Row[] | null;
}

/** A row and its vector. */
export interface RowRead extends TextRow {
  /** Undefined without an embedder. */
  readonly vector: Float32Array | undefined;
}

/** A kind of student with all rows as it reads them. */
export interface StudyOf<Input> {
  readonly kind: StudentKind<Input>;
  readonly parts: StudyParts<StudyRow<Input>>;
}

/** What proxy students read. */
export function proxyStudy(parts: StudyParts<RowRead>, progress: Progress): StudyOf<unknown> {
  let done = 0;
  const parted = mapParts(parts, (rows) => {
    const counts = countWords(
      rows.map(({ text }) => text),
      partOf(progress, done++ / 4, done / 4),
    );
    return rows.map(({ label, weight }, r) => ({ label, weight, input: counts[r]! }));
  });
  return { kind: proxyKind, parts: parted } as StudyOf<unknown>;
}

/** What logistic students read: null where a row has no vector. */
export function logisticStudy(parts: StudyParts<RowRead>, embedder: string): StudyOf<unknown> | null {
  const { data, seeds, goldTrain, gold } = parts;
  const all = [data, seeds ?? [], goldTrain ?? [], gold ?? []];
  if (all.some((rows) => rows.some(({ vector }) => vector === undefined))) return null;
  const parted = mapParts(parts, (rows) =>
    rows.map(({ label, weight, vector }) => ({ label, weight, input: vector! })),
  );
  return { kind: logisticKind(embedder), parts: parted } as StudyOf<unknown>;
}

function mapParts<From, To>(
  { data, seeds, goldTrain, gold }: StudyParts<From>,
  map: (rows: readonly From[]) => readonly To[],
): StudyParts<To> {
  return {
    data: map(data),
    seeds: seeds && map(seeds),
    goldTrain: goldTrain && map(goldTrain),
    gold: gold && map(gold),
  };
}
