// Diversity against accuracy, a point for each dataset and one for gold: what is traded for what, where there are several.
import type { Evaluation } from "../evaluate/evaluation.js";
import type { Interval } from "../numbers/statistics.js";
import type { NamedEvaluation } from "./dataset.js";
import { type FrontierCurve, type FrontierPoint, frontierFigure } from "./frontier.js";
import { type Html, html, trusted } from "./html.js";
import { section } from "./section.js";

type Placeable = Pick<NamedEvaluation, "name" | "evaluation">;
interface Accuracy {
  readonly accuracy: number;
  readonly interval: Interval | null;
}

/** An accuracy that datasets are placed by, and its counterpart of as many gold rows. */
interface Student {
  readonly name: string;
  of(evaluation: Evaluation): Accuracy | null;
  gold(evaluation: Evaluation): Accuracy | null;
}

const noAccuracy = () => null;
const yardstickStudents = (["logistic", "proxy"] as const).flatMap((kind) =>
  (["syntheticAndSeeds", "synthetic"] as const).map((set): Student => {
    const from = (wanted: "syntheticAndSeeds" | "synthetic" | "goldOfSameSize") => (evaluation: Evaluation) =>
      evaluation.yardsticks[kind].value?.sets[wanted].value ?? null;
    const rows = set === "synthetic" ? "the rows" : "rows and seeds";
    return { name: `${kind} student of ${rows}`, of: from(set), gold: from("goldOfSameSize") };
  }),
);

/** The first that all datasets have is taken: those of more to learn from first. */
const students: readonly Student[] = [
  ...yardstickStudents,
  { name: "proxy student of the rows", of: ({ student }) => student.value, gold: noAccuracy },
];

/** The frontier, or why there is none. */
export type Frontier =
  | { readonly curves: readonly FrontierCurve[]; readonly y: string; readonly n: number }
  | { readonly reason: string };

/** @param datasets  two or more. */
export function frontierOf(datasets: readonly Placeable[]): Frontier {
  const sizes = new Set(datasets.map(({ evaluation }) => evaluation.sample.n));
  if (sizes.size > 1)
    return { reason: "the sets were evaluated on different numbers of rows, so their diversity does not compare" };
  const [n = 0] = sizes;
  const student = students.find(({ of }) => datasets.every(({ evaluation }) => of(evaluation) !== null));
  if (student === undefined) {
    const reasons = datasets.flatMap(({ evaluation: { student } }) => ("reason" in student ? [student.reason] : []));
    return { reason: reasons[0] ?? "no student was trained on all of the sets" };
  }
  if (datasets.some(({ evaluation }) => bleuOf(evaluation) === null))
    return { reason: "Self-BLEU-5 takes two rows of each set" };
  const curves = datasets.map(({ name, evaluation }): FrontierCurve => {
    return { name, points: [pointOf(clipName(name), bleuOf(evaluation)!, student.of(evaluation)!)] };
  });
  const { sample } = datasets[0]!.evaluation;
  const [rows = 0, ...others] = new Set(datasets.map(({ evaluation }) => evaluation.rows.n));
  const gold = others.length > 0 || rows === 0 ? null : student.gold(datasets[0]!.evaluation);
  const goldBleu = sample.gold?.selfBleu[5] ?? null;
  const beside =
    gold === null || goldBleu === null
      ? []
      : [{ name: "gold, as many rows", points: [pointOf("gold", goldBleu, gold)] }];
  return { curves: [...curves, ...beside], y: student.name, n };
}

const bleuOf = ({ sample }: Evaluation) => sample.rows.selfBleu[5];

/** Least Self-BLEU-5 that is drawn, in per cent: the axis is logarithmic. */
const leastBleu = 0.1;
const longestName = 24;
const clipName = (name: string) =>
  [...name].length <= longestName ? name : `${[...name].slice(0, longestName - 1).join("")}…`;

function pointOf(text: string, bleu: number, { accuracy, interval }: Accuracy): FrontierPoint {
  const ys = interval === null ? null : ([100 * interval[0], 100 * interval[1]] as const);
  return { x: Math.max(leastBleu, 100 * bleu), y: 100 * accuracy, xs: null, ys, text };
}

/** Null of one dataset, and where there is nothing to draw. */
export async function frontierSection(datasets: readonly Placeable[]): Promise<Html | null> {
  if (datasets.length < 2) return null;
  const frontier = frontierOf(datasets);
  if ("reason" in frontier) return null;
  const { curves, y, n } = frontier;
  const titles = { title: "Accuracy against Self-BLEU-5", x: "Self-BLEU-5 (logarithmic)", y: "accuracy on gold, %" };
  const drawn = await frontierFigure(curves, titles);
  const label = curves.map(({ name, points: [point] }) => `${name}: ${point!.x.toFixed(1)}, ${point!.y.toFixed(1)} %`);
  return section({
    id: "frontier",
    title: "Frontier",
    what:
      `Diversity of ${n.toLocaleString("en-US")} rows of each set against the accuracy of a ${y}. To the left is more varied, above is more ` +
      "accurate; a set with another to its left and above it is the worse one, as far as the bars (95 % over the training rows) allow. " +
      "A hot temperature buys diversity with wrong labels.",
    content: html`<div class="scroll" tabindex="0" role="group" aria-label="Frontier"><div class="chart wide" role="img" aria-label="${`Self-BLEU-5 and accuracy: ${label.join("; ")}`}">${trusted(drawn)}</div></div>`,
  });
}
