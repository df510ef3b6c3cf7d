/** What the settings of methods come to: their rows, the labels of a group, and the refusals of what contradicts itself. */
import { z } from "zod";
import type { AmateurPartner, GuidePartner, LayersPartner } from "./partners.js";
import type { DeltaWeights } from "./strength.js";

/** Which labels share a group, where not all do. */
export interface Subsets {
  readonly labelsPerGroup?: number;
  readonly labelGroups?: "random" | "near";
}

/** What all methods have whose rows are contrasted with rows, and the partner that they may have beside. */
interface Given extends Subsets {
  readonly amateur?: AmateurPartner;
  readonly guide?: GuidePartner;
  readonly dola?: LayersPartner;
}

/** Its name, and the rows of each label. */
export interface Rows<Name extends string> extends Given {
  readonly name: Name;
  readonly repeat: number;
}

/** Rows that are contrasted with a prompt which the task itself gives. */
export interface NegativeRows<Name extends string> extends Rows<Name>, DeltaWeights {
  readonly negative: string;
}

type Stated = { readonly [Key in keyof Given]?: Given[Key] | undefined };

/** Of these, what the task states: one that says nothing of them comes to what it came to without them. */
export function stated({ labelsPerGroup, labelGroups, amateur, guide, dola }: Stated): Given {
  return {
    ...(labelsPerGroup === undefined ? {} : { labelsPerGroup }),
    ...(labelGroups === undefined ? {} : { labelGroups }),
    ...(amateur === undefined ? {} : { amateur }),
    ...(guide === undefined ? {} : { guide }),
    ...(dola === undefined ? {} : { dola }),
  };
}

/** Has contradictions told beside wrong fields, not only after them. */
export function settled<Settings>(issueOf: (settings: Settings) => { path: string[]; message: string } | undefined) {
  return [
    (settings: Settings, context: z.core.$RefinementCtx<Settings>) => {
      const issue = issueOf(settings);
      if (issue !== undefined) context.addIssue({ code: "custom", ...issue });
    },
    { when: ({ value }: z.core.ParsePayload) => z.core.util.isPlainObject(value) },
  ] as const;
}
