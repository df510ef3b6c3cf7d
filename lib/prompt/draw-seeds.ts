/** Seeds from the labelled rows that people have: a few of each label, none twice, and none that a test set has. */
import { checkInteger } from "../checks/option.js";
import { KnownTexts } from "../near/known-texts.js";
import { seedsRandom } from "../random.js";
import { hasHtml, withoutHtml } from "../text/html.js";
import { normalise } from "../text/normalise.js";

/** How many seeds are drawn, and which rows are none. */
export interface DrawSeedsOptions {
  /** Most seeds of a label: integer ≥ 1, default 50. */
  readonly perLabel?: number | undefined;
  /** Of the draw: integer 0..2^53 − 1, default 0. */
  readonly seed?: number | undefined;
  /** Texts that no seed may repeat, such as those of a test set; default none. */
  readonly exclude?: Iterable<string> | undefined;
  /** Takes HTML off: tags, comments and entities; default false. */
  readonly clean?: boolean | undefined;
  /** Names of the labels in the order that they are to have; default sorted by name, numbers by their value. */
  readonly names?: readonly string[] | undefined;
}

/** What became of the rows of a label. */
export interface LabelDraw {
  readonly rows: number;
  /** Its seeds, at most `perLabel`. */
  readonly drawn: number;
}

/** Seeds, and why other rows are none. */
export interface DrawnSeeds {
  /** Label after label, each in the order of the draw. */
  readonly seeds: readonly { readonly text: string; readonly label: string }[];
  /** In their order; a label without a seed is there, too. */
  readonly labels: ReadonlyMap<string, LabelDraw>;
  /** Rows that cannot be seeds. Near ones were looked for among those that the draw came to. */
  readonly leftOut: {
    readonly blank: number;
    /** Rows whose text stands under two labels. */
    readonly contradicting: number;
    /** Equal to an earlier row of the label up to case and white space. */
    readonly duplicates: number;
    /** Nearly equal to a seed that was drawn before. */
    readonly nearDuplicates: number;
    /** Equal or nearly equal to a text of `exclude`. */
    readonly excluded: number;
  };
  /** Seeds that have HTML; with `clean`, those that had. */
  readonly html: number;
}

/**
 * Draws seeds: as many of each label, at random. Left out are blank rows, repeats, texts that stand under two labels,
 * and what repeats a text of `exclude`, exactly or nearly: the Jaccard similarity of their sets of word 3-grams is at
 * least 0.7, or they are short and have the same content words. The same rows in the same order with the same options
 * give the same seeds. All texts are held in memory.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG when an option is out of its range.
 * @example
 * import { drawSeeds } from "corrsynth/io";
 * await writeFile("train.csv", "body,topic\nShares fall,business\nShares  fall,business\nCup final,sports\n");
 * const { rows } = await readTable("train.csv", { text: "body", label: "topic" });
 * const { seeds, leftOut } = drawSeeds(rows, { perLabel: 50, seed: 7, exclude: ["Rain tomorrow"] });
 * console.log(seeds.length, leftOut.duplicates); // 2 1
 */
export function drawSeeds(
  rows: readonly { readonly text: string; readonly label: string }[],
  options: DrawSeedsOptions = {},
): DrawnSeeds {
  const { perLabel = 50, seed = 0, exclude = [], clean = false } = options;
  checkInteger("perLabel", perLabel, 1);
  checkInteger("seed", seed, 0);
  const texts = rows.map(({ text }) => (clean ? withoutHtml(text) : text.trim()));
  const { candidates, ...left } = candidatesOf(rows, texts);
  const forbidden = new KnownTexts(exclude);
  const drawn = new KnownTexts();
  const leftOut = { ...left, nearDuplicates: 0, excluded: 0 };
  const seeds: { text: string; label: string }[] = [];
  const labels = new Map<string, LabelDraw>();
  let html = 0;
  for (const [index, label] of ordered([...candidates.keys()], options.names).entries()) {
    const positions = candidates.get(label) ?? [];
    const before = seeds.length;
    for (const i of seedsRandom(seed, index).sample(positions.length, positions.length)) {
      if (seeds.length - before >= perLabel) break;
      const text = texts[positions[i]!]!;
      if (forbidden.has(text)) leftOut.excluded++;
      else if (drawn.has(text)) leftOut.nearDuplicates++;
      else {
        drawn.add(text);
        seeds.push({ text, label });
        if (hasHtml(rows[positions[i]!]!.text)) html++;
      }
    }
    labels.set(label, { rows: 0, drawn: seeds.length - before });
  }
  for (const { label } of rows) {
    const { rows: count, drawn } = labels.get(label)!;
    labels.set(label, { rows: count + 1, drawn });
  }
  return { seeds, labels, leftOut, html };
}

// Of each label the rows that may be seeds, and how many of the others are what.
function candidatesOf(rows: readonly { readonly label: string }[], texts: readonly string[]) {
  const labelOf = new Map<string, string | null>(); // null of a text that stands under two
  const keys = texts.map(normalise);
  for (const [row, key] of keys.entries()) {
    const { label } = rows[row]!;
    const known = labelOf.get(key);
    if (known === undefined) labelOf.set(key, label);
    else if (known !== label) labelOf.set(key, null);
  }
  const seen = new Set<string>();
  const counts = { blank: 0, contradicting: 0, duplicates: 0 };
  const candidates = new Map<string, number[]>();
  for (const [row, key] of keys.entries()) {
    const { label } = rows[row]!;
    const own = candidates.get(label) ?? [];
    candidates.set(label, own);
    if (key === "") counts.blank++;
    else if (labelOf.get(key) === null) counts.contradicting++;
    else if (seen.has(key)) counts.duplicates++;
    else own.push(row);
    seen.add(key);
  }
  return { candidates, ...counts };
}

function ordered(labels: readonly string[], names: readonly string[] = []): string[] {
  const { compare } = new Intl.Collator("en", { numeric: true });
  const known = new Set(names);
  return [...names, ...labels.filter((label) => !known.has(label)).sort(compare)];
}
