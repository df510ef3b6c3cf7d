/** An arm: a task with some fields changed. Its form, in a program and in a YAML file. */
import { z } from "zod";
import { show } from "../checks/nearest.js";
import { fields, record } from "../checks/shapes.js";

/** Fields of the task that an arm may need; where the task lacks one, an arm of a set is left out. */
const needs = z.enum(["seeds", "amateur", "guide"]);

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
   * What it changes of the task: `method`, `check` and `attributes` as a whole; `sampling`, `prompt`, `filters` and `engine`
   * field by field. null takes a field away, so that its default holds. In `prompt.instruction`, {task} is the task's own.
   */
  readonly fields: Readonly<Record<string, unknown>>;
  /** What the task must have for it; default nothing. */
  readonly needs?: readonly ("seeds" | "amateur" | "guide")[] | undefined;
}

/** An arm, checked. */
export interface Arm {
  readonly name: string;
  readonly why: string;
  readonly fields: Readonly<Record<string, unknown>>;
}
