import type { ReviewCounts } from "../io.js";
import { grouped } from "./terminal.js";

/** What a person decided of a run's rows, in a line. */
export function reviewedText({ rejected, relabelled, edited }: ReviewCounts): string {
  return `${grouped(rejected)} rejected, ${grouped(relabelled)} with another label, ${grouped(edited)} edited`;
}
