/** Rules that a run leaves out, since the seeds have what they reject. */
import type { Sources } from "../prompt/seeds.js";
import type { ResolvedSpec } from "../task/spec.js";
import { assistantRules } from "./assistant.js";
import { cleaningRules } from "./clean.js";
import { faultsOf, fits, type Rule } from "./fits.js";
import { repetitionRule } from "./repetition.js";
import { runOnRules } from "./run-on.js";

/**
 * One line for each rule that is left out, with the number of seeds that have what it looks for.
 * @param template  what the model's chat template adds to the prompts.
 */
export function leftOutRules(spec: ResolvedSpec, { seeds }: Sources, template: readonly string[]): string[] {
  const { assistant, runOns, repetition, clean } = spec.filters;
  const rules: [field: string, rules: readonly Rule[]][] = [
    ["clean", clean ? cleaningRules(spec) : []],
    ["assistant", assistant ? assistantRules : []],
    ["runOns", runOns ? runOnRules(spec, template) : []],
    ["repetition", repetition ? [repetitionRule] : []],
  ];
  return rules.flatMap(([field, each]) =>
    each
      .filter(({ findsFault }) => !fits(findsFault, seeds))
      .map(
        ({ name, findsFault }) =>
          `filters.${field} leaves ${name} alone: ${faultsOf(findsFault, seeds)} of ${seeds.size} seeds have that`,
      ),
  );
}
