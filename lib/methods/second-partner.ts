/** Whether a method has a second model, and what it does with its logits. */
import type { Method } from "./schema.js";

/** The second model as a method has it. */
export interface SecondPartner {
  /** Which field of the task names it. */
  readonly role: "amateur" | "guide";
  /** How much of a row's distribution it takes (above 0), or gives in place of the teacher's (below). */
  readonly share: number;
  /** What its raw logits are multiplied by before they are subtracted: the share over its temperature. */
  readonly weight: number;
}

/** undefined of a method without a second model. Of weight 0 it has one, which is then not asked. */
export function secondPartner(method: Method): SecondPartner | undefined {
  switch (method.name) {
    case "contrastive":
      return amateur(method.gamma - method.delta, method.amateurTemperature);
    case "guided":
      return { role: "guide", share: -method.weight, weight: -method.weight };
    case "fewgen":
    case "fewgen-matched":
    case "matrix":
    case "cfg-prompt":
    case "dola":
      return undefined;
    default:
      return method.amateur === undefined ? undefined : amateur(method.amateur.weight, method.amateur.temperature);
  }
}

function amateur(share: number, temperature: number): SecondPartner {
  return { role: "amateur", share, weight: share / temperature };
}

/**
 * α of a task that states none: against an amateur, and against early layers, that of the papers (Li et al. 2023, Chuang et
 * al. 2024), which keeps out what neither finds likely.
 */
export function defaultPlausibility(method: Method): number {
  return method.name === "dola" || secondPartner(method)?.role === "amateur" ? 0.1 : 1e-3;
}
