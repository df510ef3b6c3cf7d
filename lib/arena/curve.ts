// How far arms lie above FewGen's curve: at the diversity that FewGen has at some temperature, so that heat alone is no gain.
import type { Arm } from "./arm.js";
import type { PrimaryMeasure } from "./measure.js";
import { type Gain, gainsOf } from "./statistics.js";
import { primaryOf, type RunFigures } from "./tables.js";

/** Whether an arm is plain FewGen, of which the temperature alone may differ: a point of its curve. */
export function isOnCurve({ fields }: Pick<Arm, "fields">): boolean {
  const { method, sampling = {}, ...others } = fields as { method?: { name?: unknown }; sampling?: object };
  const isPlain = method?.name === "fewgen" && Object.keys(method).length === 1;
  return isPlain && Object.keys(others).length === 0 && Object.keys(sampling).every((name) => name === "temperature");
}

/** Self-BLEU-5, and the accuracy of the primary measure. */
type Point = readonly [selfBleu: number, accuracy: number];

/**
 * Gains of arms over FewGen's curve at equal rows, by arm: in each seed FewGen's points at its temperatures, joined by straight lines,
 * are read at the arm's own Self-BLEU-5. A seed in which the arm lies beside the curve's ends says nothing. Holm's correction is over all of
 * these arms. Empty where FewGen has fewer than two temperatures.
 */
export function gainsOverCurve(
  arms: readonly Arm[],
  runs: readonly RunFigures[],
  primary: PrimaryMeasure,
): ReadonlyMap<string, Gain> {
  const onCurve = new Set(arms.filter(isOnCurve).map(({ name }) => name));
  if (onCurve.size < 2) return new Map();
  const others = arms.filter(({ name }) => !onCurve.has(name));
  const seeds = [...new Set(runs.map(({ seed }) => seed))];
  const differences = others.map(({ name }) =>
    seeds.flatMap((seed) => {
      const ofSeed = runs.filter((run) => run.seed === seed);
      const curve = ofSeed.filter(({ arm }) => onCurve.has(arm)).flatMap((run) => pointOf(run, primary));
      const own = ofSeed.filter(({ arm }) => arm === name).flatMap((run) => pointOf(run, primary));
      return own.flatMap(([place, height]) => {
        const beside = heightAt(curve, place);
        return beside === undefined ? [] : [height - beside];
      });
    }),
  );
  const gains = gainsOf(differences);
  return new Map(others.map(({ name }, i) => [name, gains[i]!]));
}

function pointOf(run: RunFigures, primary: PrimaryMeasure): Point[] {
  const accuracy = primaryOf(run, "rows", primary);
  const { selfBleu5 } = run.equal.rows;
  return accuracy === null || selfBleu5 === null ? [] : [[selfBleu5, accuracy]];
}

/** Height of a curve at a place; undefined beside its ends. */
export function heightAt(curve: readonly Point[], place: number): number | undefined {
  const points = [...curve].sort(([a], [b]) => a - b);
  const after = points.findIndex(([x]) => x >= place);
  if (after < 0) return undefined;
  const [x1, y1] = points[after]!;
  if (x1 === place) return y1;
  if (after === 0) return undefined;
  const [x0, y0] = points[after - 1]!;
  return y0 + ((y1 - y0) * (place - x0)) / (x1 - x0);
}
