// Where each arm lies between diversity and accuracy: FewGen at its temperatures as a line, the others as points.
import type { Interval } from "../numbers/statistics.js";
import type { FrontierCurve, FrontierPoint } from "../report/frontier.js";
import { isOnCurve } from "./curve.js";
import type { ArenaRecord } from "./record.js";
import type { SeedMean } from "./tables.js";
import { primaryMean } from "./words.js";

/** Least Self-BLEU-5 that is drawn, in per cent: the axis is logarithmic. */
const leastBleu = 0.1;

/** Curves at equal rows; arms without both figures are left out. */
export function frontierCurves({
  arms,
  tables,
  primary,
}: Pick<ArenaRecord, "arms" | "tables" | "primary">): FrontierCurve[] {
  const placed = arms.flatMap((arm) => {
    const line = tables.rows.find((one) => one.arm === arm.name);
    if (line === undefined) return [];
    const accuracy = primaryMean(line, primary);
    if (line.selfBleu5.mean === null || accuracy.mean === null) return [];
    return [{ arm, point: pointOf(arm.name, line.selfBleu5, accuracy) }];
  });
  const isCurve = ({ arm }: (typeof placed)[number]) => isOnCurve(arm);
  const line = placed.filter(isCurve).map(({ point }) => point);
  const fewgen = line.length === 0 ? [] : [{ name: "FewGen by temperature", points: line.sort((a, b) => b.x - a.x) }];
  return [
    ...fewgen,
    ...placed.filter((one) => !isCurve(one)).map(({ arm, point }) => ({ name: arm.name, points: [point] })),
  ];
}

function pointOf(text: string, bleu: SeedMean, accuracy: SeedMean): FrontierPoint {
  const scaled = (interval: Interval | null, least: number): Interval | null =>
    interval && [Math.max(least, 100 * interval[0]), Math.max(least, 100 * interval[1])];
  return {
    x: Math.max(leastBleu, 100 * bleu.mean!),
    y: 100 * accuracy.mean!,
    xs: scaled(bleu.interval, leastBleu),
    ys: accuracy.interval && [100 * accuracy.interval[0], 100 * accuracy.interval[1]],
    text,
  };
}
