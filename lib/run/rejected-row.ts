/** A row that the filters refused, as it is kept for people to look at. */
import type { Instance } from "../instance.js";

/** A rejected row, with what it takes to trace it; of a task with `filters.keepRejected`. */
export interface RejectedRow extends Pick<Instance, "id" | "label" | "group" | "repeat" | "tokens" | "ending"> {
  /** As it was generated, trimmed; may be empty. Of a duplicate, as it would have been accepted. */
  readonly text: string;
  /** The filter that refused it: the first that applies. */
  readonly reason: string;
  /** The label that the task's `check` takes it for; only of those that were rejected as "label". */
  readonly takenFor?: string;
}

/** @param reason  why the row is not wanted. */
export function rejectedRow({ id, text, label, group, repeat, tokens, ending }: Instance, reason: string): RejectedRow {
  return { id, text, label, reason, group, repeat, tokens, ending };
}

/** The number of a row in its group. */
export function rowNumber({ id }: { readonly id: string }): number {
  return Number(id.slice(id.indexOf(".") + 1));
}
