// Datasets whose every text, label and name tries to become markup or code.
import type { Embedder } from "../../../lib/evaluate/embedder.js";
import { evaluate } from "../../../lib/evaluate/evaluate.js";
import type { EvaluateOptions } from "../../../lib/evaluate/evaluate-options.js";
import type { NamedEvaluation } from "../../../lib/report/dataset.js";

/** Run by a browser, each of these would set `window.broken`. */
export const attacks = [
  "<script>window.broken = 1</script>",
  "</script><script>window.broken = 2</script>",
  '"><img src=x onerror="window.broken = 3">',
  "'><svg onload='window.broken = 4'>",
  "\u2028window.broken = 5\u2029//",
  'javascript:window.broken="6"',
  "<!--<script>window.broken = 7",
  "`</style><style>*{display:none}",
];

const embedder: Embedder = {
  name: `letters${attacks[2]}`,
  embed: async (texts) => texts.map((text) => Float32Array.from("abcdikmnoprs", (c) => 0.1 + text.split(c).length - 1)),
};

const words = ["amber", "birch", "cobalt", "dune", "ember", "fjord", "gorse", "heron", "iris", "jade"];

/** @param count  rows; every attack is a text, twice, and a part of a label. */
export async function evilDatasets(names: readonly string[], count = 48): Promise<NamedEvaluation[]> {
  const rows = Array.from({ length: count }, (_, i) => {
    const label = `label ${i % 4}${attacks[i % 4]}`;
    const attack = i < 2 * attacks.length ? attacks[i >> 1]! : "";
    return { text: `${attack} ${words[i % 10]} ${words[(3 * i) % 7]} row`, label, contrastNorms: [3, 2, 1] };
  });
  rows.push({ ...rows[0]! }, { ...rows[5]! });
  const gold = rows.slice(0, 40).map(({ text, label }) => ({ text: text.replace("row", "gold"), label }));
  const student = `student${attacks[1]}`;
  const share = (value: number) => rows.map(() => value);
  const options: EvaluateOptions = {
    gold,
    seeds: [rows[2]!.text, ...attacks].map((text) => ({ text })),
    embedder,
    recogniser: { name: `r${attacks[0]}`, recognise: async (text) => [{ type: `T${attacks[2]}`, text }] },
    tokenizer: { name: `t${attacks[0]}`, tokenize: (text) => text.split(" ") },
    ownStudent: {
      ...{ student, trainRows: rows.length, testRows: 20, accuracy: 0.5, interval: null, rowsInterval: [0.3, 0.7] },
      ...{ perRun: [0.5], labels: [attacks[0]!, attacks[2]!], unseenLabels: [attacks[1]!] },
      confusion: [
        [5, 5],
        [5, 5],
      ],
      cartography: {
        ...{ student, n: rows.length, confidence: share(0.5), variability: share(0.2), correctness: share(0.5) },
      },
    },
  };
  const found = await evaluate(rows, options);
  // so few rows have no MAUVE
  const curve = [
    [1, 0],
    [0.8, 0.8],
    [0, 1],
  ] as const;
  const mauve = {
    value: { score: 0.8, features: embedder.name, n: 40, scaling: 1, buckets: 30, components: 3, curve },
  };
  const evaluation = { ...found, mauve };
  return names.map((name) => ({
    name,
    evaluation,
    rows,
    notes: [`note ${attacks[0]}`],
    facts: [[`fact ${attacks[2]}`, `value ${attacks[1]}`]],
  }));
}
