// What is to be known of an evaluation beside its figures, a sentence each.
import type { Evaluation, LabelledText } from "../evaluate/index.js";
import { counted, grouped } from "./terminal.js";

/** How many rows of gold are seeds of the run. */
export function seedsInGold(
  seeds: readonly { readonly text: string }[] = [],
  gold: readonly LabelledText[] = [],
): string[] {
  const known = new Set(seeds.map(({ text }) => text.trim()));
  const seen = gold.filter(({ text }) => known.has(text.trim())).length;
  if (seen === 0) return [];
  return [
    `${seen} of ${counted(gold.length, "gold row")} ${seen === 1 ? "is a seed" : "are seeds"} of the run: ` +
      "figures on gold flatter; draw seeds with --exclude GOLD",
  ];
}

/** Of which labels there is no row: the beginning of a file that is in the order of its labels is a common slip. */
export function missingLabels(
  labels: readonly string[],
  rows: readonly LabelledText[] | undefined,
  what: string,
): string[] {
  const there = new Set(rows?.map(({ label }) => label));
  const missing = labels.filter((label) => rows !== undefined && !there.has(label));
  if (missing.length === 0) return [];
  const named = missing.slice(0, 5).map((label) => JSON.stringify(label));
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : "";
  return [
    `${what} has no row of ${named.join(", ")}${more}: figures of it say nothing about them; is it the beginning of a file in the order of its labels?`,
  ];
}

/** What was left out. */
export function countedNotes({ rows, gold }: Evaluation): string[] {
  const notes: [count: number, what: string, rest: string][] = [
    [rows.blank, "blank row", ""],
    [gold?.blank ?? 0, "blank gold row", ""],
    [gold?.unknownLabel ?? 0, "gold row", " of labels that the dataset lacks"],
  ];
  return notes.flatMap(([count, what, rest]) => {
    return count > 0 ? [`${counted(count, what)}${rest} ${count === 1 ? "was" : "were"} left out`] : [];
  });
}

/** How many rows of gold were embedded, and what for, where not all were. */
export function embeddedNotes({ embedded, gold, sample, yardsticks, seed }: Evaluation): string[] {
  if (embedded?.gold == null || gold === null || embedded.gold === gold.n) return [];
  const { value: logistic } = yardsticks.logistic;
  const tests = logistic === null ? "" : `, ${grouped(logistic.testRows)} to test students on (--gold-rows)`;
  return [
    `${grouped(embedded.gold)} of ${counted(gold.n, "gold row")} ${embedded.gold === 1 ? "was" : "were"} embedded, drawn by seed ${seed}: ` +
      `${grouped(sample.n)} for MAUVE (--sample-size)${tests}`,
  ];
}
