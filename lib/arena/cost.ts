// What runs cost, and which of their rows are compared: as many of each, or those of as many tokens.
import type { Report } from "../run/report.js";
import type { LabelledText, StudentRow } from "../students/student.js";

/** What a run took. */
export interface Cost {
  readonly groups: number;
  /** Decoded and of prompts, contrast rows included. */
  readonly tokens: number;
  readonly seconds: number;
}

/** The counts of a report that cost is computed from. */
type Counted = Pick<Report, "groups" | "resumedAt" | "decodedTokens" | "promptTokens" | "seconds">;

/**
 * Of a run that was gone on with, the report counts the tokens of the last session alone: all groups are taken to cost what those of
 * that session did on average.
 */
export function costOf({ groups, resumedAt = 0, decodedTokens, promptTokens, seconds }: Counted): Cost {
  const times = groups / Math.max(1, groups - resumedAt);
  return { groups, tokens: Math.round(times * (decodedTokens + promptTokens)), seconds: times * seconds };
}

/** A row, how much it counts for students, and the group that it is of. */
export interface ArenaRow extends LabelledText, Pick<StudentRow, "weight"> {
  readonly group: number;
}

/** A run of which rows are to be compared. */
export interface Comparable {
  readonly rows: readonly ArenaRow[];
  readonly cost: Cost;
  /** All rows that were asked for are there. */
  readonly isWhole: boolean;
}

/** Of each label the same number from each run, the first: what the whole run that has fewest of it has. */
export function equalRows(runs: readonly Comparable[], labels: readonly string[]): ArenaRow[][] {
  const whole = runs.filter(({ isWhole }) => isWhole);
  const countOf = (rows: readonly ArenaRow[], label: string) => rows.filter((row) => row.label === label).length;
  const most = new Map(labels.map((label) => [label, Math.min(...whole.map(({ rows }) => countOf(rows, label)))]));
  return runs.map(({ rows }) => {
    const taken = new Map<string, number>();
    return rows.filter(({ label }) => {
      const number = (taken.get(label) ?? 0) + 1;
      taken.set(label, number);
      return number <= (most.get(label) ?? 0);
    });
  });
}

/** What the cheapest whole run cost, in tokens; null without one. */
export function budgetOf(runs: readonly Comparable[]): number | null {
  const whole = runs.filter(({ isWhole }) => isWhole).map(({ cost }) => cost.tokens);
  return whole.length === 0 ? null : Math.min(...whole);
}

/**
 * The first rows of a run, as many as the budget pays for when each group costs the same: what the run cost, over its groups. Of the
 * group that it pays for in part the same share, spread evenly over its rows and so over its labels.
 */
export function withinBudget({ rows, cost }: Comparable, budget: number): ArenaRow[] {
  if (cost.tokens <= budget) return [...rows];
  const groups = (cost.groups * budget) / cost.tokens + 1e-9;
  const whole = Math.floor(groups);
  const share = groups - whole;
  let place = 0; // in the group that is paid for in part
  return rows.filter(({ group }) => {
    if (group !== whole) return group < whole;
    place++;
    return Math.floor(place * share) > Math.floor((place - 1) * share);
  });
}
