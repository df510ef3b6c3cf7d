// What a policy is told of the rounds so far, and what it says of the next one.
import type { Seed } from "../prompt/seeds.js";
import type { RoundStudent } from "./round-student.js";

/** An accepted row of an earlier round. */
export interface RoundRow {
  /** Of all rounds: `1:12.3` is row 12.3 of round 1. */
  readonly id: string;
  readonly round: number;
  readonly text: string;
  readonly label: string;
  /** Values of placeholders that its prompt had, {context} among them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** A text that people labelled, or a context: its label is undefined where it serves all. */
export interface GivenText extends Pick<Seed, "id" | "text" | "fields"> {
  readonly label: string | undefined;
}

/** All that a policy may look at. The same input has the same decision. */
export interface PolicyInput {
  /** Number of the round that is to be made, from 2; one more than there are where none follows. */
  readonly round: number;
  /** Names of the task's labels, and the rows that it asks for of each. */
  readonly labels: readonly string[];
  readonly wanted: readonly number[];
  /** Rows of all rounds so far but for those that were dropped, in their order; no two repeat each other. */
  readonly rows: readonly RoundRow[];
  readonly student: RoundStudent;
  /** The task's own examples, contexts, and the human rows that judge. */
  readonly seeds: readonly GivenText[];
  readonly contexts: readonly GivenText[];
  readonly validation: readonly GivenText[];
  /** Examples of a prompt. */
  readonly shots: number;
  /** Of all that is drawn. */
  readonly seed: number;
}

/** An example or a context of the next round. */
export interface Taken {
  /** Of a row of an earlier round, the id that it has there. */
  readonly id: string;
  readonly text: string;
  readonly label: string;
  readonly fields?: Readonly<Record<string, string>>;
}

/** What becomes of the rows so far, and what the next round takes from them. */
export interface Decision {
  /** In-context examples of the next round; undefined of the task's own. */
  readonly seeds?: readonly Taken[];
  /** Contexts of the next round; undefined of the task's own. */
  readonly contexts?: readonly Taken[];
  /** Rows that the next round is to make, in the order of the labels. */
  readonly count: readonly number[];
  /** Of each row so far, how much it counts, 0..1; undefined where all count alike. */
  readonly weights?: readonly number[];
  /** Ids of rows that the dataset is to be without. */
  readonly dropped?: readonly string[];
  /** What was measured on the way, for people. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** Decides what a round takes from those before. */
export type Policy = (input: PolicyInput) => Promise<Decision>;

/** How many rows of each label are there. */
export function countsOf(labels: readonly string[], rows: readonly { readonly label: string }[]): number[] {
  const counts = new Map<string, number>();
  for (const { label } of rows) counts.set(label, (counts.get(label) ?? 0) + 1);
  return labels.map((label) => counts.get(label) ?? 0);
}

/** Rows that a round is to make so that with it there are `rounds` times as many as the task asks for. */
export function upTo({ labels, wanted, rows }: PolicyInput, rounds: number): number[] {
  const there = countsOf(labels, rows);
  return wanted.map((count, k) => Math.max(0, rounds * count - there[k]!));
}

/** Items by label, those of each label in their order; of a label without any, none. */
export function ofLabels<Item extends { readonly label: string | undefined }>(
  labels: readonly string[],
  items: readonly Item[],
): Item[][] {
  return labels.map((label) => items.filter((item) => item.label === label));
}
