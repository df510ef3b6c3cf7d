/** What TypeScript knows of the names of a task's labels. */
import type { SynthesisSpec } from "./spec.js";

/** What a task's `labels` may be. */
export type LabelsInput = SynthesisSpec["labels"];

/** A task with these labels. */
export type TaskOf<Labels extends LabelsInput> = SynthesisSpec & { readonly labels: Labels };

/**
 * The names of labels that were given `as const`, as a map or a list; of others `string`. A name that is not in Unicode NFC
 * has another one at run time.
 * @example
 * import type { LabelNames } from "corrsynth";
 * const labels = { animal: "an animal", plant: "a plant" } as const;
 * const name: LabelNames<typeof labels> = "plant";
 * console.log(name);
 */
export type LabelNames<Labels> = Labels extends readonly (infer Entry)[] ? NameOf<Entry> : KeyOf<Labels>;

// Pairs by their first, and others as they are; each on its own.
type NameOf<Entry> = Entry extends readonly [infer Name, unknown] ? Text<Name> : Text<Entry>;

// A map of plain strings is no constant, and neither are its names.
type KeyOf<Labels> = string extends Labels[keyof Labels] ? string : Text<keyof Labels>;

type Text<Name> = Name extends string | number | boolean ? (number extends Name ? string : Trimmed<`${Name}`>) : string;

type Trimmed<Name extends string> = Name extends ` ${infer Rest}` | `${infer Rest} ` ? Trimmed<Rest> : Name;
