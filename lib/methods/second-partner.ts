/** Whether a method has a second model or early layers, and what it does with their logits. */
import { type LayersPartner, type Partners, takenBeside } from "./partners.js";
import type { Method } from "./schema.js";

/** The second model as a method has it. */
export interface SecondPartner {
  /** Which field of the task names it. */
  readonly role: "amateur" | "guide";
  /**
   * Of an amateur, what its raw logits are multiplied by before they are subtracted: the share over its temperature. Of a
   * guide −w, its share of the row's γ. Never −0.
   */
  readonly weight: number;
}

/** undefined of a method without a second model. Of weight 0 it has one, which is then not asked. */
export function secondPartner(method: Method): SecondPartner | undefined {
  switch (method.name) {
    case "contrastive":
      return { role: "amateur", weight: (method.gamma - method.delta) / method.amateurTemperature };
    case "guided":
      return guide(method.weight);
    case "fewgen":
    case "fewgen-matched":
    case "dola":
      return undefined;
    default:
      if (method.guide !== undefined) return guide(method.guide.weight);
      if (method.amateur === undefined) return undefined;
      return { role: "amateur", weight: method.amateur.weight / method.amateur.temperature };
  }
}

/** The early layers that a method contrasts a row with; undefined of a method without, and of weight 0. */
export function layersPartner(method: Method): LayersPartner | undefined {
  if (method.name === "dola") return { layers: method.layers, weight: 1 };
  const { dola } = besideOf(method);
  return dola === undefined || dola.weight === 0 ? undefined : dola;
}

/** What the second model or an early layer takes of a row: part of its total contrast. 0 of a guide. */
export function takenBySecond(method: Method): number {
  if (method.name === "contrastive") return method.gamma - method.delta;
  return method.name === "dola" ? 1 : takenBeside(besideOf(method));
}

/** The share of a guide: 0..1; undefined without one. */
export function guideShare(method: Method): number | undefined {
  return method.name === "guided" ? method.weight : besideOf(method).guide?.weight;
}

function besideOf(method: Method): Partners {
  return "amateur" in method || "guide" in method || "dola" in method ? method : {};
}

const guide = (share: number): SecondPartner => ({ role: "guide", weight: share === 0 ? 0 : -share });

/**
 * α of a task that states none: against an amateur, and against early layers, that of the papers (Li et al. 2023, Chuang et
 * al. 2024), which keeps out what neither finds likely.
 */
export function defaultPlausibility(method: Method): number {
  return layersPartner(method) !== undefined || secondPartner(method)?.role === "amateur" ? 0.1 : 1e-3;
}
