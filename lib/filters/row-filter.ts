/** What a filter is. */
import type { Instance } from "../instance.js";

/** Why a row is not wanted, in a word or two that the counts go by; undefined when it has nothing against it. */
export type RowFilter = (row: Instance) => string | undefined;
