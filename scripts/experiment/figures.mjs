// The paper's Figures 2 to 5 on the demo task, of the first seed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { labelCosine, umap } from "../../dist/evaluate/index.js";
import { embedAll } from "../../dist/evaluate/read-texts.js";
import { largest, least } from "../../dist/numbers/extremes.js";
import { dataMapFigure, heatFigure, lineFigure, mapFigure } from "../../dist/report/index.js";
import { table, traced } from "./plan.mjs";

const shown = ["FewGen", "FewGen matched to Hybrid", "CFG-Hybrid", "CorrSynth-Hybrid"];

/** Writes the figures that the runs have what it takes for, and returns what the page says of them. */
export async function writeFigures({ runs, embedder, out }) {
  const write = (file, svg) => writeFileSync(join(out, file), svg);
  const first = (key) => runs.get(key)?.find(({ seed }) => seed === 1);
  const sets = [{ title: "Gold", key: "gold" }, ...table]
    .filter(({ title }) => title === "Gold" || shown.includes(title))
    .flatMap(({ title, key }) => (first(key) === undefined ? [] : [{ title, ...first(key) }]));
  const parts = [await contrast(first, write), await embedded(sets, embedder, write), await dataMaps(sets, write)];
  return parts.filter((part) => part !== null).join("\n\n");
}

async function contrast(first, write) {
  const series = traced.flatMap(({ title, key }) => {
    const found = first(key)?.evaluation.contrast.value;
    if (!found) return [];
    const steps = found.sequences.filter((sequences) => sequences >= found.n / 10).length;
    return [{ name: title, n: found.n, points: found.smoothed.slice(0, steps).map((d, t) => [t, d]) }];
  });
  if (series.length === 0) return null;
  const title = "Figure 2: largest difference of logits at each token";
  write("figure-2.svg", await lineFigure(series, { title, x: "token", y: "max |own − contrast|, smoothed" }));
  return `![${title}](figure-2.svg)

Figure 2: mean over ${series[0].n} rows, raw logits, smoothed with β = 0.9, α = 0 as in the paper, as far as a tenth of the rows
reaches. CFG's contrast is the partner's prompt with the row's own continuation, CorrSynth's the partner's own text.`;
}

async function embedded(sets, embedder, write) {
  if (sets.length === 0) return null;
  const vectors = [];
  for (const { rows } of sets) {
    const texts = rows.map(({ text }) => text);
    vectors.push(await embedAll(embedder, texts, {}));
  }
  const cosines = sets.map(({ rows }, s) => labelCosine(vectors[s], labelsOf(rows)));
  const values = cosines.flatMap(({ matrix }) => matrix.flat());
  const domain = [least(values), largest(values)];
  const names = [...new Set(labelsOf(sets[0].rows))].sort();
  for (const [s, { title, rows }] of sets.entries()) {
    write(`figure-3-${slug(title)}.svg`, await heatFigure(cosines[s], { title: `Figure 3: ${title}`, domain }));
    const map = umap(vectors[s], { seed: 0 });
    write(`figure-4-${slug(title)}.svg`, await mapFigure(map, labelsOf(rows), { title: `Figure 4: ${title}`, names }));
  }
  return `${pictures(3, sets)}

Figure 3: mean cosine similarity of the texts of two labels (features: ${embedder.name}), one scale for all. On the diagonal,
lower is more diverse.

${pictures(4, sets)}

Figure 4: UMAP of the same features, each set by itself: distances between far points mean nothing.`;
}

async function dataMaps(sets, write) {
  const known = sets.filter(({ evaluation }) => evaluation.cartography.value);
  if (known.length === 0) return null;
  for (const { title, evaluation } of known) {
    const map = await dataMapFigure(evaluation.cartography.value, { title: `Figure 5: ${title}` });
    write(`figure-5-${slug(title)}.svg`, map);
  }
  return `${pictures(5, known)}

Figure 5: data maps of the proxy student: confidence over variability, coloured by how often a row's label was predicted. It
learns almost every row by heart, so few are hard.`;
}

function pictures(number, sets) {
  const cells = sets.map(({ title }) => `![${title}](figure-${number}-${slug(title)}.svg)`);
  const heads = sets.map(({ title }) => title);
  return [heads, heads.map(() => "---"), cells].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

const labelsOf = (rows) => rows.map(({ label }) => label);
const slug = (title) => title.toLowerCase().replace(/[^a-z]+/g, "-");
