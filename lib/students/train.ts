// One door to both students.
import { type LogisticOptions, trainLogistic } from "./logistic.js";
import { type ProxyOptions, trainProxy } from "./proxy.js";
import type { Student, TextRow, VectorRow } from "./student.js";

/**
 * Trains a student on rows: `proxy` reads texts, `logistic` embeddings. A row of weight 2 counts like two rows. The same
 * for the same rows and options.
 *
 * Synchronous: seconds for 10,000 texts, or for 4,000 embeddings of 384 numbers under 4 labels.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG for options out of range, rows under labels that `labels` lacks,
 * weights that are no numbers from 0, no row of a weight above 0, and embeddings that differ in length or are not
 * finite.
 * @example
 * import { trainStudent } from "corrsynth/evaluate";
 * const rows = [
 *   { text: "red apple", label: "fruit" },
 *   { text: "old hammer", label: "tool", weight: 0.5 },
 * ];
 * const student = trainStudent(rows, { kind: "proxy" });
 * const [first] = student.probabilities(["green apple"]);
 * console.log(student.labels, first![0]! > 0.5); // [ 'fruit', 'tool' ] true
 */
export function trainStudent(rows: readonly TextRow[], options: ProxyOptions): Student<string>;
export function trainStudent(rows: readonly VectorRow[], options: LogisticOptions): Student<Float32Array>;
export function trainStudent(
  rows: readonly TextRow[] | readonly VectorRow[],
  options: ProxyOptions | LogisticOptions,
): Student<string> | Student<Float32Array> {
  return options.kind === "proxy"
    ? trainProxy(rows as readonly TextRow[], options)
    : trainLogistic(rows as readonly VectorRow[], options);
}
