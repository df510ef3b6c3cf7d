// Figures that may not be there, with the reason.

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

/** In place of a figure. */
export function missing(reason: string): { readonly value: null; readonly reason: string } {
  return { value: null, reason };
}
