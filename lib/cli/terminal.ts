// What a command may write to: streams that tests can replace, and text made harmless before a terminal sees it.

import type { Strength } from "../index.js";

/** A stream that a person or a program reads. */
export interface Output {
  write(text: string): void;
  /** It can move the cursor. */
  readonly isTty: boolean;
  /** Width in characters. */
  readonly columns: number;
}

// C0 and C1 controls with DEL, line and paragraph separators, marks that reorder text, invisible tag characters, and halves
// of surrogate pairs: what could move the cursor, recolour the screen, or show something other than what is in the data.
const harmful = /[\p{Cc}\p{Cs}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;

/**
 * Text as a terminal may show it: control characters and marks of text direction appear as `\u{1b}`.
 * @param options.keepNewlines  leaves "\n" alone; default false.
 */
export function printable(text: string, options: { readonly keepNewlines?: boolean } = {}): string {
  return text.replace(harmful, (character) =>
    character === "\n" && options.keepNewlines ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

/** Cuts a text to `width` characters, the last of them "…" where something is missing. */
export function clip(text: string, width: number): string {
  const characters = [...text];
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join("")}…`;
}

/** Columns under their headings, two spaces apart, ending with a newline; all but the first are right-aligned. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => [...(line[column] ?? "")].length)));
  const format = (line: readonly string[]) =>
    widths.map((width, column) => {
      const cell = line[column] ?? "";
      const space = " ".repeat(width - [...cell].length);
      return column === 0 ? cell + space : space + cell;
    });
  return lines.map((line) => `${format(line).join("  ").trimEnd()}\n`).join("");
}

/** Two columns, left-aligned: a fact and its value, one a line. */
export function facts(entries: readonly (readonly [name: string, value: string])[]): string {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

/** 1234567 as "1,234,567", the same in every locale. */
export function grouped(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** A count and what is counted: "1 row", "1,234 rows". The plural adds an "s". */
export function counted(value: number, what: string): string {
  return `${grouped(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** Bytes as "3.1 MB", in powers of 1000. */
export function bytes(value: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${(value / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** Seconds as "0:07", "12:30" or "2:05:00". */
export function duration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const pad = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes}:${pad(total % 60)}`;
  return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(total % 60)}`;
}

/** How strong a method is, as facts: what it does to the parts of a row's distribution, and what it takes in all. */
export function strengthFacts(strength: Strength | undefined): [name: string, value: string][] {
  if (strength === undefined) return [["factors", "each row its own, by the matrix"]];
  const round = (value: number) => String(Number(value.toFixed(3)));
  const { own, label, common, teacherAlone, totalContrast, matchedTemperature: heat } = strength;
  const factors = `own ${round(own)}, label ${round(label)}, common ${round(common)}`;
  const gamma = totalContrast + common;
  const sum = totalContrast === 0 ? "none" : `${round(totalContrast)} in all (γ ${round(gamma)} − δ ${round(common)})`;
  const alone = teacherAlone === undefined ? "" : `; what the teacher alone says ${round(teacherAlone)}`;
  const agreed = heat === null ? "nothing of it is left" : `as temperature ${round(heat)}`;
  return [
    ["factors", factors + alone],
    ["contrast", heat === 1 ? sum : `${sum}; what all rows agree on: ${agreed}`],
  ];
}

/** Warnings and notes, one a line. */
export function remarks(found: { readonly warnings: readonly string[]; readonly notes: readonly string[] }): string {
  const lines = (kind: string, texts: readonly string[]) =>
    texts.map((text) => `${kind}: ${printable(text)}\n`).join("");
  return lines("warning", found.warnings) + lines("note", found.notes);
}

/** What a program reads: one JSON value, and the end of the line. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
