// Sections on diversity: by order and label, entities, duplicates and copies.
import type { Diversity } from "../evaluate/diversity.js";
import type { CopyFigures, Evaluation } from "../evaluate/evaluation.js";
import type { Shown } from "./dataset.js";
import { type Html, html } from "./html.js";
import { clip, count, figure, grid, plainTable, section } from "./section.js";

const score = (value: number | null, times: number, digits: number) =>
  value === null ? "–" : (value * times).toFixed(digits);

export function diversitySection(datasets: readonly Shown[]): Html {
  const { sample } = datasets[0]!.evaluation;
  const columns: [name: string, diversity: Diversity][] = [
    ...datasets.map(({ name, evaluation }): [string, Diversity] => [name, evaluation.sample.rows]),
    ...(sample.gold === null ? [] : [["gold", sample.gold] as [string, Diversity]]),
  ];
  const rowOf = (name: string, pick: (diversity: Diversity) => string) => [
    name,
    ...columns.map(([, own]) => pick(own)),
  ];
  const orders = plainTable(
    "Self-BLEU and distinct-n by order",
    ["", ...columns.map(([name, { n }]) => `${name}, n = ${count(n)}`)],
    [
      ...(["2", "3", "4", "5"] as const).map((k) => rowOf(`Self-BLEU-${k}`, (own) => score(own.selfBleu[k], 100, 1))),
      ...(["1", "2", "3"] as const).map((k) => rowOf(`distinct-${k}`, (own) => score(own.distinct[k], 1, 3))),
    ],
  );
  const byLabel = datasets.map(({ title, evaluation }) => {
    const rows = Object.entries(evaluation.diversityByLabel).map(([label, own]) => [
      label,
      count(own.n),
      score(own.selfBleu[5], 100, 1),
      score(own.distinct[2], 1, 3),
      `${score(own.nearDuplicates, 100, 1)} %`,
    ]);
    const heads = ["label", "n", "Self-BLEU-5", "distinct-2", "near duplicates"];
    return figure(
      title ?? "Label by label",
      plainTable("Diversity of each label", heads, rows),
      "Scores of labels compare only where n is equal.",
    );
  });
  const how = sample.matchesGold ? "drawn in the proportions of gold's labels" : "drawn at random";
  return section({
    id: "diversity",
    title: "Diversity",
    what:
      `Self-BLEU (× 100, lower is more diverse) and distinct-n (higher is more diverse) of equal numbers of rows, ${how}. ` +
      "Both depend on n and on the tokeniser, and noise is diverse, too: read them beside the student's figures.",
    content: html`${orders}<br>${grid(byLabel)}`,
  });
}

export function entitySection(datasets: readonly Shown[]): Html | null {
  const figures = datasets.flatMap(({ title, evaluation: { entities } }): Html[] => {
    if (entities.value === null) return [];
    const { perType, mentions, mean, n, recogniser } = entities.value;
    const rows = Object.entries(perType).map(([type, bits]) => [type, bits.toFixed(2), count(mentions[type]!)]);
    const table = plainTable(
      "Entity entropy by type",
      ["type", "entropy, bits", "mentions"],
      [...rows, ["mean over the types", mean === null ? "–" : mean.toFixed(2), ""]],
    );
    return [figure(title, table, `n = ${count(n)} texts; entities found by ${recogniser}.`)];
  });
  if (figures.length === 0) return null;
  return section({
    id: "entities",
    title: "Entities",
    what:
      "How evenly mentions spread over distinct names, places, dates …: entropy in bits, higher is more varied. It " +
      "grows with n, " +
      "and says nothing across recognisers.",
    content: grid(figures),
  });
}

const listed = 12;

export function duplicatesSection(datasets: readonly Shown[]): Html {
  const parts = datasets.map(({ title, evaluated, evaluation }) => {
    const { duplicates, copiesOfSeeds, copiesOfGold } = evaluation;
    const text = (position: number) => evaluated[position]!.text;
    const repeats = duplicates.pairs.slice(0, listed).map(({ first, second, similarity, exact }) => {
      return pair(exact ? null : similarity, ["row", text(first)], ["row", text(second)]);
    });
    const copies = (figures: CopyFigures, source: string) =>
      figures.pairs
        .slice(0, listed)
        .map((found) =>
          pair(found.how === "exact" ? null : found.similarity, ["row", text(found.text)], [source, found.sourceText]),
        );
    return html`${title === null ? null : html`<h3><bdi>${title}</bdi></h3>`}
${list(`${count(duplicates.near)} near duplicates of ${count(duplicates.n)} rows`, repeats, title === null)}
${copiesOfSeeds.value === null ? null : list(copyTitle(copiesOfSeeds.value, "in-context examples"), copies(copiesOfSeeds.value, "example"))}
${copiesOfGold.value === null ? null : list(copyTitle(copiesOfGold.value, "gold texts"), copies(copiesOfGold.value, "gold"))}`;
  });
  return section({
    id: "duplicates",
    title: "Duplicates and copies",
    what:
      "Rows that are nearly the same as another row, as an in-context example, or as a gold text, the most alike " +
      "first. Lower is better. " +
      "Two texts are near-equal when they share 7 in 10 of their word triples. A copy also is what was made from a " +
      "text: a letter or a small word changed, a part of it, or the whole of it with more behind.",
    content: parts,
  });
}

function copyTitle({ copied, n, sources }: CopyFigures, what: string): string {
  return `${count(copied)} of ${count(n)} rows copied from ${count(sources)} ${what}`;
}

function list(title: string, pairs: readonly Html[], isOpen = false): Html {
  if (pairs.length === 0) return html`<p class="what">${title}.</p>`;
  const few = pairs.length < listed ? "" : `, the first ${listed}`;
  return html`<details${isOpen ? html` open` : null}><summary>${title}${few}</summary><ol class="pairs">${pairs}</ol></details>`;
}

type Side = readonly [kind: string, text: string];

// Similarity is null of two that are the same.
function pair(similarity: number | null, left: Side, right: Side): Html {
  const side = ([kind, text]: Side) =>
    html`<div><small>${kind}</small><span class="text" dir="auto">${clip(text)}</span></div>`;
  const how =
    similarity === null
      ? "the same but for case and spacing"
      : `${(similarity * 100).toFixed(0)} % of the word triples in common`;
  return html`<li><div class="head"><span>${how}</span></div><div class="sides">${side(left)}${side(right)}</div></li>`;
}

/** Counts of rows for the top of the page. */
export function rowFacts({ rows, gold }: Evaluation): { readonly rows: string; readonly gold: string | null } {
  const left = (counts: Evaluation["rows"]) => {
    const reasons = [
      counts.blank > 0 ? `${count(counts.blank)} blank` : "",
      counts.unknownLabel > 0 ? `${count(counts.unknownLabel)} of unknown labels` : "",
    ].filter((reason) => reason !== "");
    return reasons.length === 0 ? "" : `, ${reasons.join(" and ")} left out`;
  };
  return {
    rows: `${count(rows.n)}${left(rows)}`,
    gold: gold === null ? null : `${count(gold.n)}${left(gold)}`,
  };
}
