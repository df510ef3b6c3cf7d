// Models in several files: llama.cpp finds the others beside the first by their names.
import { ModelLoadError } from "../errors.js";

const pattern = /^(?<stem>.*)-(?<part>\d{5})-of-(?<count>\d{5})\.gguf$/s;

/**
 * All files of the model that `file` belongs to, in order; `[file]` for a model in one file.
 * @throws {ModelLoadError} CORRSYNTH_MODEL_LOAD for a part that is not the first: only that one can be loaded.
 */
export function partsOf(file: string): string[] {
  const { stem = "", part, count } = pattern.exec(file)?.groups ?? {};
  if (part === undefined || count === undefined) return [file];
  const nameOf = (number: number) => `${stem}-${String(number).padStart(5, "0")}-of-${count}.gguf`;
  if (Number(part) !== 1) {
    throw new ModelLoadError(
      `Expected the first part of a split model, received "${file}": name "${nameOf(1)}", the others come with it`,
    );
  }
  return Array.from({ length: Math.max(1, Number(count)) }, (_, i) => nameOf(i + 1));
}
