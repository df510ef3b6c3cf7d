// How often the words of a label stand in its rows: what a student may learn instead of the label.
import type { Shown } from "./dataset.js";
import type { Html } from "./html.js";
import { count, figure, grid, plainTable, section } from "./section.js";

const percent = (share: number | null) => (share === null ? "–" : `${(100 * share).toFixed(1)} %`);

/** Null where no dataset has the figure. */
export function labelWordsSection(datasets: readonly Shown[]): Html | null {
  const figures = datasets.flatMap(({ title, evaluation }) => {
    const { value } = evaluation.labelWords;
    if (value === null) return [];
    const { labels, n, share, beside } = value;
    const heads = ["label", "words", "n", "rows", ...(beside === null ? [] : [beside.of])];
    const rows = labels.map((own) => [
      own.label,
      own.words.join(", "),
      count(own.n),
      percent(own.share),
      ...(beside === null ? [] : [percent(own.beside)]),
    ]);
    const other = beside === null ? "" : `, ${percent(beside.share)} of ${count(beside.n)} rows of ${beside.of}`;
    const caption = `${percent(share)} of ${count(n)} rows${other}.`;
    return [figure(title, plainTable("Rows that hold words of their label", heads, rows), caption)];
  });
  if (figures.length === 0) return null;
  return section({
    id: "label-words",
    title: "The label's words in the texts",
    what:
      "Share of a label's rows in which a word of its verbalization stands, singular or plural; words that two labels " +
      "share are left out. Far more than in real texts is a shortcut: a student learns the word, and not the label.",
    content: grid(figures),
  });
}
