// A student that was saved, as it was.
import { logisticOf } from "./logistic.js";
import { proxyOf } from "./proxy.js";
import { readLogistic } from "./saved-logistic.js";
import { readProxy } from "./saved-proxy.js";
import { readStudent } from "./saved-student.js";
import type { Student } from "./student.js";

/** A student of either kind, told apart by its `kind`. */
export type LoadedStudent =
  | (Student<string> & { readonly kind: "proxy" })
  | (Student<Float32Array> & { readonly kind: "logistic" });

/**
 * Reads a student that `save` wrote. Its probabilities are those of before, to the last bit. Files are not trusted:
 * nothing in one is run, and a damaged or a made-up one is refused.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with the path, for a file that cannot be read, is no student or
 * one of another version, is larger than 1 GiB, was damaged, or holds numbers that are none.
 * @example
 * import { loadStudent, trainStudent } from "corrsynth/evaluate";
 * const rows = [
 *   { text: "red apple", label: "fruit" },
 *   { text: "old hammer", label: "tool" },
 * ];
 * await trainStudent(rows, { kind: "proxy" }).save("student.bin");
 * const student = await loadStudent("student.bin");
 * if (student.kind === "proxy") console.log(student.probabilities(["green apple"])[0]![0]! > 0.5); // true
 */
export async function loadStudent(path: string): Promise<LoadedStudent> {
  const { head, body } = await readStudent(path);
  return head.kind === "proxy"
    ? (proxyOf(readProxy(path, head, body)) as LoadedStudent)
    : (logisticOf(readLogistic(path, head, body)) as LoadedStudent);
}
