/** An arm: a task with some fields changed. Its form, in a program and in a YAML file. */
import { z } from "zod";
import { show } from "../checks/nearest.js";
import { fields, record } from "../checks/shapes.js";
import type { RoundPolicy } from "../rounds/options.js";

/** Fields of the task that an arm may need; where the task lacks one, an arm of a set is left out. */
const needs = z.enum(["seeds", "amateur", "guide", "contexts"]);

/** Policies of rounds that an arm may have: all that need no human rows beside those of prompts and tests. */
const policies = ["agree", "influence", "weights", "self"] as const satisfies readonly RoundPolicy[];

const rounds = fields({ policy: z.enum(policies), rounds: z.int().min(1).max(20).optional() });

/** Rounds of an arm: the policy, and how many; default 2, of "weights" 1. */
export type ArmRounds = Readonly<z.output<typeof rounds>>;

/** An arm, as it is checked. */
export const armSchema = fields({
  /** Also of its directory: 1 to 64 letters, digits, ".", "_" and "-", the first a letter or a digit. */
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/i, {
    error: ({ input }) => `Expected 1 to 64 letters, digits, ".", "_" or "-", received ${show(input)}`,
  }),
  /** What it is and what it is for, in a line; default nothing. */
  why: z.string().max(500).default(""),
  /** What it changes. */
  fields: record(z.unknown()),
  /** Rounds in place of one run; default one run. */
  rounds: rounds.readonly().optional(),
  /** What the task must have for it; default nothing. */
  needs: z.array(needs).readonly().default([]),
});

/** An arm of an arena, as a program or a YAML file gives it. */
export interface ArmInput {
  /** Also of its directory: 1 to 64 letters, digits, ".", "_" and "-", the first a letter or a digit. */
  readonly name: string;
  /** What it is and what it is for, in a line; default nothing. */
  readonly why?: string | undefined;
  /**
   * What it changes of the task: `method`, `check`, `attributes` and `contexts` as a whole; `sampling`, `prompt`, `filters` and `engine`
   * field by field. null takes a field away, so that its default holds. In `prompt.instruction`, {task} is the task's own.
   */
  readonly fields: Readonly<Record<string, unknown>>;
  /**
   * Rounds in place of one run, as `synthesizeRounds` makes them, with the arena's embedder for their student; default one run.
   * "agree" and "weights" make a set of as many rows as the others, of "influence" and "self" each round makes its share of them.
   */
  readonly rounds?: ArmRounds | undefined;
  /** What the task must have for it; default nothing. */
  readonly needs?: readonly ("seeds" | "amateur" | "guide" | "contexts")[] | undefined;
}

/** An arm, checked. */
export interface Arm {
  readonly name: string;
  readonly why: string;
  readonly fields: Readonly<Record<string, unknown>>;
  /** Absent of one run. */
  readonly rounds?: ArmRounds | undefined;
}
