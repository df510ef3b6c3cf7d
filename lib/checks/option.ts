// Options of metrics that have a range.
import { invalidField } from "../errors.js";

/** @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, naming what was expected and what came, unless it holds. */
export function checkOption(path: string, value: number, expected: string, holds: boolean): void {
  if (!holds) throw invalidField(path, `Expected ${expected}, received ${value}`);
}

/** Refuses what is no integer from `least`; else as {@link checkOption}. */
export function checkInteger(path: string, value: number, least: number): void {
  checkOption(path, value, `an integer from ${least}`, Number.isInteger(value) && value >= least);
}
