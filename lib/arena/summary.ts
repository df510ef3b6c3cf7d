/** An arena in Markdown: what `arena.md` holds and the terminal shows. */
import { markdownTable, markdownText } from "../export/markdown.js";
import type { ArenaRecord } from "./record.js";
import { seedsOfResult } from "./statistics.js";
import type { ArmLine, EqualBy, SeedMean } from "./tables.js";
import { gainText, percent } from "./words.js";

/** What each table shows. */
export const tableTitles: Readonly<Record<EqualBy, string>> = {
  rows: "At equal rows",
  tokens: "At equal tokens",
};

/** The words and both tables. */
export function summaryOf(record: ArenaRecord): string {
  const { words, tables, failed, leftOut } = record;
  const notes = [
    ...failed.map(({ arm, reason }) => `- ${arm} could not be run: ${markdownText(reason)}`),
    ...leftOut.map(({ name, reason }) => `- ${name} was left out: ${markdownText(reason)}`),
  ];
  const parts = [
    "# Arena",
    words.join("\n"),
    ...(["tokens", "rows"] as const).map((equal) => {
      const { heads, rows } = tableCells(record, tables[equal]);
      return `## ${tableTitles[equal]}\n\n${markdownTable(heads, rows).trimEnd()}`;
    }),
    columnNotes(record),
    ...labelPart(record),
    ...(notes.length === 0 ? [] : [notes.join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** What the columns mean. */
export function columnNotes({ primary, test, embedder }: Pick<ArenaRecord, "primary" | "test" | "embedder">): string {
  const student = primary.student === "logistic" ? `a logistic student on ${embedder}` : "a student of words";
  const with_ = primary.trainedOn === "alone" ? "alone" : "with seeds";
  return (
    `Means over seeds with 95 % intervals (t). Gain: difference of "${with_}" of ${student}, paired by seed, "*" where it leaves ` +
    `zero after Holm's correction; of fewer than ${seedsOfResult} seeds it is a look. Fidelity: share of rows to which a student of the ` +
    `${test.from} gives their label. Tokens (decoded and of prompts) and seconds are those of the whole run. Self-BLEU-5: lower is more ` +
    "varied. Over the curve: the same over FewGen's curve through its temperatures, read at the arm's own Self-BLEU-5, so that what heat gives " +
    "alone is no gain. A run that was gone on with is taken to have cost per group what its last session did."
  );
}

/** Gains by label at equal tokens, as text; null where there is none. */
export function labelCells({ labels, tables }: Pick<ArenaRecord, "labels" | "tables">) {
  const lines = tables.tokens.filter(({ byLabel }) => byLabel !== null && Object.keys(byLabel).length > 0);
  if (lines.length === 0) return null;
  const rows = lines.map(({ arm, byLabel }) => {
    const found = new Map(Object.entries(byLabel!));
    return [arm, ...labels.map((label) => gainText(found.get(label) ?? { mean: null, interval: null }))];
  });
  return { heads: ["arm", ...labels], rows };
}

/** What the figures of that table are. */
export const labelNote =
  "Points by which the student gives more, or less, of a label's test rows this label than that of the arm to beat, at equal tokens: means over seeds with 95 % intervals (t), without correction. They show where a gain comes from, and are no claims.";

function labelPart(record: ArenaRecord): string[] {
  const table = labelCells(record);
  return table === null ? [] : [`## By label\n\n${markdownTable(table.heads, table.rows).trimEnd()}`, labelNote];
}

/** A table as text. */
export function tableCells({ embedder }: Pick<ArenaRecord, "embedder">, lines: readonly ArmLine[]) {
  const hasLogistic = embedder !== null;
  const hasCurve = lines.some(({ overCurve }) => overCurve !== null);
  const heads = [
    ...[
      "arm",
      "seeds",
      "rows",
      "tokens",
      "seconds",
      "accepted",
      "fidelity",
      "Self-BLEU-5",
      "distinct-2",
      "words alone",
    ],
    ...["words, with seeds", ...(hasLogistic ? ["embeddings alone", "embeddings, with seeds"] : []), "gain"],
    ...(hasCurve ? ["over the curve"] : []),
  ];
  const rows = lines.map((line) => [
    ...[line.short === 0 ? line.arm : `${line.arm} (${line.short} too few rows)`, String(line.seeds)],
    ...[whole(line.rows), whole(line.tokens), whole(line.seconds)],
    ...[share(line.accepted), share(line.fidelity), share(line.selfBleu5), share(line.distinct2)],
    ...[share(line.proxy.alone), share(line.proxy.withSeeds)],
    ...(hasLogistic ? [share(line.logistic?.alone), share(line.logistic?.withSeeds)] : []),
    starred(line.gain),
    ...(hasCurve ? [starred(line.overCurve)] : []),
  ]);
  return { heads, rows };
}

function starred(gain: ArmLine["gain"]): string {
  return gain === null ? "–" : `${gainText(gain)}${gain.isClear ? "*" : ""}`;
}

function whole({ mean }: SeedMean): string {
  return mean === null ? "–" : Math.round(mean).toLocaleString("en-US");
}

function share(figure: SeedMean | undefined): string {
  if (figure === undefined || figure.mean === null) return "–";
  const { mean, interval } = figure;
  return interval === null
    ? percent(mean)
    : `${percent(mean)} ± ${((100 * (interval[1] - interval[0])) / 2).toFixed(1)}`;
}
