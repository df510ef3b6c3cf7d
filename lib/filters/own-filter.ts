/** The caller's own word. */

import { show } from "../checks/nearest.js";
import type { Accept } from "../task/spec.js";
import type { RowFilter } from "./row-filter.js";

/**
 * Rejects what `accept` does.
 * @throws {TypeError} from the filter, when `accept` returns anything but true, false or a reason; a promise is none of them.
 */
export function ownFilter(accept: Accept): RowFilter {
  return (row) => {
    const verdict: unknown = accept(row);
    if (verdict === true) return undefined;
    if (verdict === false) return "accept";
    if (typeof verdict === "string" && verdict.trim() !== "") return verdict;
    throw new TypeError(`Expected filters.accept to return true, false or a reason as text, received ${show(verdict)}`);
  };
}
