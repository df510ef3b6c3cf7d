// What the demo prints: rows to read, and how diverse each method's rows are.
import { distinctN, selfBleu, tokenize, tokenizerName } from "../evaluate/index.js";
import { clip, printable, table } from "./terminal.js";

/** What one method made. */
export interface DemoRun {
  readonly name: string;
  readonly rows: readonly { readonly text: string; readonly label: string }[];
  readonly seconds: number;
}

const rowsPerLabel = 3;

/** The first rows of each label. */
export function sample({ name, rows }: DemoRun, columns: number): string {
  const byLabel = new Map<string, string[]>();
  for (const { label, text } of rows) byLabel.set(label, [...(byLabel.get(label) ?? []), text]);
  const width = Math.max(0, ...[...byLabel.keys()].map((label) => label.length));
  const lines = [...byLabel].flatMap(([label, texts]) =>
    texts.slice(0, rowsPerLabel).map((text, i) => `  ${(i === 0 ? label : "").padEnd(width)}  ${printable(text)}`),
  );
  const heading = `Rows made with ${name} (the first ${rowsPerLabel} of each label)`;
  return [heading, "", ...lines].map((line) => `${clip(line, columns)}\n`).join("");
}

/** Distinct-n, Self-BLEU, length and time of each method's rows, with what is needed to read the numbers. */
export function scores(runs: readonly DemoRun[]): string {
  const scored = runs.map(({ name, rows, seconds }) => {
    const texts = rows.map(({ text }) => tokenize(text)).filter((tokens) => tokens.length > 0);
    const { score } = selfBleu(texts, { order: 5 });
    const tokens = texts.reduce((sum, text) => sum + text.length, 0);
    return [
      name,
      String(texts.length),
      ...[1, 2, 3].map((n) => distinctN(texts, n)?.toFixed(3) ?? "-"),
      score === null ? "-" : (100 * score).toFixed(1),
      texts.length === 0 ? "-" : (tokens / texts.length).toFixed(1),
      seconds.toFixed(1),
    ];
  });
  const headings = ["method", "rows", "distinct-1", "distinct-2", "distinct-3", "Self-BLEU-5", "tokens", "s"];
  const sizes = new Set(scored.map(([, size]) => size));
  const notes = [
    "More diverse rows have higher distinct-n and lower Self-BLEU-5 (times 100, each",
    "row against all others). Both depend on the number of rows: compare sets of",
    "equal size only. Tokens are per row, those of",
    `${tokenizerName}.`,
    ...(sizes.size > 1 ? ["The sets above differ in size, so their scores do not compare."] : []),
    "fewgen-matched is FewGen at the temperature that the contrast amounts to where",
    "all rows agree: a gain that it has too is not owed to the coupling.",
  ];
  return `${table(headings, scored)}\n${notes.map((note) => `${note}\n`).join("")}`;
}
