/** The field `check` of a task: who judges whether a row has the label that it was written for, and which rows stay. */
import { z } from "zod";
import { expected } from "../checks/issues.js";
import { fields } from "../checks/shapes.js";

const margin = fields({
  /** m ≥ 0, in nats: the label's calibrated score must exceed that of every other label by as much; 0 is "agree". */
  margin: z.number().min(0).max(1e6),
});

/** Report the probability of every label, as `Instance.labelProbabilities`; default false. */
const probabilities = z.boolean().default(false);

export const teacherCheckSchema = fields({
  /** The teacher itself, by what it thinks of the row under each label. */
  by: z.literal("teacher"),
  /**
   * "channel" (default): how probable the text is after the task's own prompt of each label (Min et al. 2022); "direct": how
   * probable each verbalization is after a few labelled seeds and the text.
   */
  form: z.enum(["channel", "direct"]).default("channel"),
  /** Rows that stay: "agree" (default), those that no other label suits better; or { margin }. */
  keep: z.union([z.literal("agree"), margin], { error: expected('"agree", or { margin: nats }') }).default("agree"),
  /** Report the probability of every label, as `Instance.labelProbabilities`; default false. */
  probabilities,
});

export const studentCheckSchema = fields({
  /** A classifier that is trained on the seeds: two of a label at least. */
  by: z.literal("student"),
  /** Rows that stay: "agree" (default), those that no other label suits better; or the least probability, in (0, 1). */
  keep: z
    .union([z.literal("agree"), z.number().gt(0).lt(1)], { error: expected('"agree", or a number in (0, 1)') })
    .default("agree"),
  /**
   * Path or hf: URI of a GGUF that embeds the texts, for a logistic classifier: an embedding model, or any other, of which
   * one that writes is read by the state of its last token. Default none, and the classifier reads words and word pairs.
   */
  embedder: z.string().min(1).optional(),
  /** Report the probability of every label, as `Instance.labelProbabilities`; default false. */
  probabilities,
});

/** A check by the teacher. */
export interface TeacherCheck extends Readonly<z.output<typeof teacherCheckSchema>> {}
/** A check by a student. */
export interface StudentCheck extends Readonly<z.output<typeof studentCheckSchema>> {}
/** A check by the teacher, as a task gives it. */
export interface TeacherCheckInput extends Readonly<z.input<typeof teacherCheckSchema>> {}
/** A check by a student, as a task gives it. */
export interface StudentCheckInput extends Readonly<z.input<typeof studentCheckSchema>> {}

/** Who judges whether a row has its label. */
export type LabelCheckSpec = TeacherCheck | StudentCheck;

// Interfaces, since a declaration file would write out types of another file without their doc comments.
export interface LabelCheckSchema extends z.ZodType<LabelCheckSpec, TeacherCheckInput | StudentCheckInput> {}

export const labelCheckSchema: LabelCheckSchema = z.discriminatedUnion("by", [teacherCheckSchema, studentCheckSchema]);
