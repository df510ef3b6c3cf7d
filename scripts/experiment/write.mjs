// docs/results/: the table, the frontier and the figures, all from the runs, with what they do and do not show.
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { frontierFigure } from "../../dist/report/index.js";
import { writeFigures } from "./figures.mjs";
import { gainCell, markdown, rounded } from "./markdown.mjs";
import { curves, table } from "./plan.mjs";
import { above, figures, summarise } from "./summary.mjs";

const print = ({ times, digits }, value) => (times * value).toFixed(digits);

/** @param runs  setting's key -> [{ seed, rows, evaluation, report }]; "gold" has the gold rows. */
export async function writeResults({ runs, rows, perLabel, embedder, out }) {
  mkdirSync(out, { recursive: true });
  const summaryOf = (key) => {
    const made = runs.get(key) ?? [];
    return made.length === 0 ? null : { seeds: made.length, ...summarise(made.map(({ evaluation }) => evaluation)) };
  };
  const lines = [{ title: "Gold", key: "gold" }, ...table].flatMap(({ title, key }) => {
    const summary = summaryOf(key);
    const decoded = (runs.get(key) ?? []).flatMap(({ report }) => (report ? [report] : []));
    const passes = decoded.map(({ decodedTokens, generatedTokens }) => decodedTokens / generatedTokens);
    return summary === null ? [] : [{ title, ...summary, passes: passes[0] ?? null }];
  });
  const drawn = curves.map(({ name, symbol, settings }) => ({
    name,
    symbol,
    points: settings.flatMap(({ strength, key }) => {
      const summary = summaryOf(key);
      return summary === null ? [] : [{ strength, ...summary }];
    }),
  }));
  const [base, ...others] = drawn;
  const gains = others.flatMap(({ name, symbol, points }) =>
    points.map((point) => ({
      name: `${name}, ${symbol} = ${point.strength}`,
      selfBleu: point.selfBleu.mean,
      accuracy: above(base.points, point, "accuracy"),
      agreement: above(base.points, point, "agreement"),
      mauve: above(base.points, point, "mauve"),
    })),
  );
  const about = { rows, goldRows: 8 * perLabel, date: new Date().toISOString().slice(0, 10), cpu: cpus()[0]?.model };
  const keep = (file, content) => writeFileSync(join(out, file), `${JSON.stringify(content, rounded, 1)}\n`);
  keep("table.json", { about, lines });
  keep("frontier.json", { about, curves: drawn, gains });
  for (const [figure, y] of [
    ["accuracy", "student accuracy, %"],
    ["agreement", "label agreement, %"],
    ["mauve", "MAUVE"],
  ]) {
    const svg = await frontierFigure(
      drawn.map(({ name, symbol, points }) => ({
        name: `${name} (${symbol})`,
        points: points.map((point) => placed(point, figure)),
      })),
      { title: `${y.replace(", %", "")} against Self-BLEU-5`, x: "Self-BLEU-5 (lower is more diverse)", y },
    );
    writeFileSync(join(out, `frontier-${figure}.svg`), svg);
  }
  const pictures = await writeFigures({ runs, embedder, out });
  writeFileSync(join(out, "README.md"), page({ about, lines, gains, pictures }));
}

function placed(point, figure) {
  const hundred = (interval) => interval?.map((value) => 100 * value) ?? null;
  return {
    x: 100 * point.selfBleu.mean,
    y: 100 * point[figure].mean,
    xs: hundred(point.selfBleu.interval),
    ys: hundred(point[figure].interval),
    text: String(point.strength),
  };
}

function page({ about, lines, gains, pictures }) {
  const least = Math.min(...lines.map(({ seeds }) => seeds));
  const most = Math.max(...lines.map(({ seeds }) => seeds));
  const seeds = least === most ? most : `${least} to ${most}`;
  return `# Results on the demo task

Written by \`node scripts/experiment/run.mjs\` on ${about.date} (${about.cpu}, one thread); see
[its README](../../scripts/experiment/README.md) for what is run. A teacher of 2.8 M parameters writes ${about.rows} one-line
definitions of eight kinds of things a run; each setting ran with ${seeds} seeds. Gold is ${about.goldRows.toLocaleString("en-US")} rows of WordNet's
test split, equally many of each label, which neither the teacher nor its examples have seen. These are not the paper's models,
tasks or students: the student is the proxy (a linear classifier on words and word pairs), entities are those of the offline
recogniser, MAUVE's features are the teacher's own, and nearly saturate.

## Table 2

Means over the seeds, with 95 % intervals (Student's t). Passes are forward passes per generated token. "Matched" is FewGen at
the temperature that the method's contrast amounts to where all rows agree: what it gains over FewGen needs no coupling.

${tableOf(lines)}

Gold: as many rows of the test split that are not tested on. Agreement is the share of the rows to which a student trained on
gold gives their label. Self-BLEU, entropy, distinct-2 and near duplicates depend on the number of rows, which is the same
throughout.

## The frontier

A lower Self-BLEU alone is had by any hot temperature. Only a point above FewGen's curve over temperatures is a gain: as
diverse, and more accurate.

![Accuracy against Self-BLEU-5](frontier-accuracy.svg)

![Label agreement against Self-BLEU-5](frontier-agreement.svg)

![MAUVE against Self-BLEU-5](frontier-mauve.svg)

How far each point lies above FewGen's curve at its own Self-BLEU, in percentage points, with 95 % intervals (not corrected for
their number); **bold** where the interval leaves out 0. A dash: the curve does not reach there.

${gainTable(gains)}

${verdict(gains)}

Whether other strengths, α, examples or a warm-up do better: [the search](search.md).

## Figures 2 to 5

${pictures}
`;
}

function tableOf(lines) {
  const heads = ["Method", "Seeds", ...figures.map(({ name, way }) => `${name}${way && ` ${way}`}`), "Passes"];
  const body = lines.map((line) => {
    const cells = figures.map((figure) => {
      const { mean, interval } = line[figure.id] ?? {};
      if (mean === undefined) return "–";
      const half = interval === null ? "" : ` ± ${print(figure, (interval[1] - interval[0]) / 2)}`;
      return `${print(figure, mean)}${half}`;
    });
    return [line.title, line.seeds, ...cells, line.passes === null ? "–" : line.passes.toFixed(1)];
  });
  return markdown(heads, body);
}

function gainTable(gains) {
  return markdown(
    ["Setting", "Self-BLEU-5", "Accuracy", "Agreement", "MAUVE"],
    gains.map(({ name, selfBleu, accuracy, agreement, mauve }) => {
      return [name, (100 * selfBleu).toFixed(1), gainCell(accuracy), gainCell(agreement), gainCell(mauve)];
    }),
  );
}

// What the gains say, in words that follow from them alone.
function verdict(gains) {
  const few = gains.every(({ accuracy }) => !accuracy?.interval);
  if (few) return "Of one seed each: no interval, and so nothing that these numbers show.";
  const count = (figure, name) => {
    const known = gains.filter((gain) => gain[figure]?.interval);
    const up = known.filter((gain) => gain[figure].interval[0] > 0).length;
    const down = known.filter((gain) => gain[figure].interval[1] < 0).length;
    return `${name}: of ${known.length} points, ${up} above FewGen's curve and ${down} below it by more than their intervals`;
  };
  const parts = [count("accuracy", "Accuracy"), count("agreement", "label agreement"), count("mauve", "MAUVE")];
  const chance = (0.05 * gains.length).toFixed(1);
  return `${parts.join("; ")}. By chance alone, ${chance} of ${gains.length} intervals would leave out 0.`;
}
