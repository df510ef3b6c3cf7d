/** How strong a method is: what it does to a row's own part of its distribution, its label's, and what all rows share. */
import type { MatchableMethod, Method } from "./schema.js";
import { guideShare, layersPartner, secondPartner, takenBySecond } from "./second-partner.js";
import { remainder } from "./strength.js";
import { commonExponent, totalContrast } from "./totals.js";

/**
 * The exponents of the three parts of a row's distribution while all its partners are active: own γ, label γ − γ_intra,
 * common γ − γ_intra − γ_cross. Above 1 a part counts for more than the teacher says, below 1 it is heated: by 1/the
 * exponent. Without contrast all are 1.
 */
export interface Factors {
  /** Of what is the row's own: its examples, its context. */
  readonly own: number;
  /** Of what the rows of its label share. */
  readonly label: number;
  /** δ, of what all rows of the group share, grammar and the end of a text among it. */
  readonly common: number;
  /**
   * Of what the teacher says and the second model or the early layer does not; of a guide, γ less the guide's share. The
   * three above are then of what both say. Absent without one.
   */
  readonly teacherAlone?: number;
}

/** A method's strength while all partners of a row are active. */
export interface Strength extends Factors {
  /** A row's total contrast γ − δ: what its partners take, all together, an amateur or an early layer among them; ≥ 0. */
  readonly totalContrast: number;
  /**
   * 1/δ: the temperature that the method amounts to where all rows agree, at which `fewgen-matched` samples; times
   * `sampling.temperature`. Above 1 it is heat. null where δ is 0 and nothing is left of what they agree on.
   */
  readonly matchedTemperature: number | null;
}

/** The strength of a method, rounded to twelve digits; undefined for a matrix, whose rows each have their own. */
export function strengthOf(method: Method): Strength | undefined {
  const factors = factorsOf(method);
  if (factors === undefined) return undefined;
  const { common } = factors;
  return {
    ...factors,
    totalContrast: digits(totalContrast(method)),
    matchedTemperature: common > 0 ? digits(1 / common) : null,
  };
}

function factorsOf(method: Method): Factors | undefined {
  switch (method.name) {
    case "fewgen":
      return { own: 1, label: 1, common: 1 };
    case "fewgen-matched": {
      const heated = digits(commonExponent(method.match));
      return { own: heated, label: heated, common: heated };
    }
    case "matrix":
      return undefined;
    case "dola":
      return { own: 0, label: 0, common: 0, teacherAlone: 1 };
    case "guided":
      return { own: 1, label: 1, common: 1, ...aloneOf(method, 1) };
    default: {
      const common = commonExponent(method);
      const taken = takenBySecond(method);
      return {
        own: digits(remainder(method.gamma, taken)),
        label: digits(labelExponent(method, common + taken) - taken),
        common: digits(common),
        ...aloneOf(method, method.gamma),
      };
    }
  }
}

function aloneOf(method: Method, gamma: number): Pick<Factors, "teacherAlone"> {
  if (secondPartner(method) === undefined && layersPartner(method) === undefined) return {};
  return { teacherAlone: digits(gamma * (1 - (guideShare(method) ?? 0))) };
}

function labelExponent(method: MatchableMethod, common: number) {
  switch (method.name) {
    case "hybrid":
    case "cfg-hybrid":
      return method.gamma - method.intra;
    case "cross":
    case "cfg-cross":
      return method.gamma;
    case "cfg-prompt":
      return namesLabel(method.negative) ? common : method.gamma;
    default: // the partners have the row's own label
      return common;
  }
}

// Doubled braces are literal ones.
const namesLabel = (template: string) => template.replaceAll("{{", "").replaceAll("}}", "").includes("{label}");

// 1.6 - 0.5 - 0.1 is 1, for a person.
const digits = (value: number) => Number(value.toPrecision(12));
