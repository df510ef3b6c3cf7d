/** What a method takes of a row in all, and what it leaves of what all agree on. */
import { takenBeside } from "./partners.js";
import type { MatchableMethod, Method } from "./schema.js";
import { remainder, takenOf, takesAll } from "./strength.js";

/**
 * A row's total contrast, Σ_n γ_mn while all its partners are active, an amateur's or early layer's among them: ≥ 0;
 * of a matrix, the largest row sum. A guide is mixed in and takes nothing; the early layer of `dola` takes 1, all of γ.
 */
export function totalContrast(method: Method): number {
  switch (method.name) {
    case "fewgen":
    case "fewgen-matched":
    case "guided":
      return 0;
    case "dola":
      return 1;
    case "matrix":
      return takenBeside(method) + Math.max(...method.weights.map((row) => row.reduce((sum, x) => sum + x, 0)));
    default:
      return takenOf(method);
  }
}

/** True when the total contrast is γ, so that rows that agree are left with nothing of their own distribution. */
export function contrastsAway(method: Method): boolean {
  if (method.name === "fewgen" || method.name === "fewgen-matched" || method.name === "guided") return false;
  return method.name === "dola" || takesAll(totalContrast(method), method.gamma);
}

/** δ = γ − the total contrast: the exponent on what all rows share, so that 1/δ is the temperature it is heated to. */
export function commonExponent(method: MatchableMethod): number {
  return remainder(method.gamma, totalContrast(method));
}
