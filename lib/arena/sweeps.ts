// Sweeps of strength: of each method, accuracy by its total contrast, where an arena has it at two strengths or more.
import { strengthOf } from "../methods/factors.js";
import { methodSchema } from "../methods/schema.js";
import type { FrontierCurve, FrontierPoint } from "../report/frontier.js";
import type { Arm } from "./arm.js";
import type { ArenaRecord } from "./record.js";
import { primaryMean } from "./words.js";

/**
 * A curve of each method, with what it pays for the contrast and with all else that its arms change, by total contrast: accuracy of the
 * primary measure at equal tokens, in per cent. The one to beat is a level line beside them. Empty where no method has two strengths.
 */
export function sweepCurves({
  arms,
  tables,
  primary,
}: Pick<ArenaRecord, "arms" | "tables" | "primary">): FrontierCurve[] {
  const points = new Map<string, FrontierPoint[]>();
  for (const arm of arms) {
    const place = placeOf(arm);
    const line = tables.tokens.find((one) => one.arm === arm.name);
    const accuracy = line && primaryMean(line, primary);
    if (place === null || accuracy === undefined || accuracy.mean === null) continue;
    const { mean, interval } = accuracy;
    const ys = interval && ([100 * interval[0], 100 * interval[1]] as const);
    const point = { x: place.total, y: 100 * mean, xs: null, ys, text: String(place.total) };
    points.set(place.sweep, [...(points.get(place.sweep) ?? []), point]);
  }
  const curves = [...points].flatMap(([name, own]): FrontierCurve[] => {
    return own.length < 2 ? [] : [{ name, points: own.sort((a, b) => a.x - b.x) }];
  });
  const base = tables.tokens[0] && primaryMean(tables.tokens[0], primary).mean;
  if (curves.length === 0 || typeof base !== "number") return curves;
  const places = curves.flatMap((curve) => curve.points.map(({ x }) => x));
  const level = [Math.min(...places), Math.max(...places)].map((x, end) => {
    return { x, y: 100 * base, xs: null, ys: null, text: end === 1 ? tables.tokens[0]!.arm : "" };
  });
  return [...curves, { name: `${tables.tokens[0]!.arm}, the one to beat`, points: level }];
}

// What an arm's sweep keeps, and its total contrast; null of an arm that has no method of its own, or none with contrast.
function placeOf({ fields }: Arm): { readonly sweep: string; readonly total: number } | null {
  const { method: given, ...others } = fields;
  const { data: method } = methodSchema.safeParse(given);
  const strength = method && strengthOf(method);
  if (strength === undefined || strength.totalContrast === 0) return null;
  const heat = strength.common >= 1 ? "without heat" : "with heat";
  const beside = Object.keys(others).length === 0 ? "" : `, ${JSON.stringify(others)}`;
  return { sweep: `${method!.name}, ${heat}${beside}`, total: strength.totalContrast };
}
