// Figures that may not be there, with the reason.
import { mostStudentLabels } from "../students/student.js";

/** A figure, or null with the reason why it is missing. Plain JSON. */
export type OrMissing<Value> =
  | { readonly value: Value }
  | {
      readonly value: null;
      /** One sentence for people, without a full stop. */
      readonly reason: string;
    };

/** Reason of everything that needs gold rows where there are none. */
export const noGold = "no gold was given: human rows that took no part in the synthesis (--gold FILE)";

/** Why students cannot tell so many labels apart, or nothing. */
export function labelsProblem(labels: number): string | undefined {
  if (labels < 2) return "there is one label only, and nothing to tell apart";
  if (labels <= mostStudentLabels) return undefined;
  return `a student tells at most ${mostStudentLabels} labels apart, and there are ${labels}`;
}

/** In place of a figure. */
export function missing(reason: string): { readonly value: null; readonly reason: string } {
  return { value: null, reason };
}
