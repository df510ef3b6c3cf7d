// Figures that may not be there: null, and why.

/** A figure, or null with the reason. Plain JSON. */
export type Outcome<Value> =
  | { readonly value: Value }
  | {
      readonly value: null;
      /** One sentence for people, without a full stop. */
      readonly reason: string;
    };

export function missing(reason: string): { readonly value: null; readonly reason: string } {
  return { value: null, reason };
}
