/** Whether the seeds and contexts that were read suffice for the prompts. */

import { pathText } from "../checks/issues.js";
import { mostNamed } from "../checks/nearest.js";
import type { ConfigIssue } from "../errors.js";
import { givenPlaceholders } from "../task/prompt-spec.js";
import type { ResolvedSpec } from "../task/spec.js";
import { sharedContextIssues } from "./context-draw.js";
import { blockPlaceholders, promptTexts } from "./prompt.js";
import type { SeedPools } from "./seeds.js";

/** What makes prompts impossible (issues) and what makes them less varied than asked for (warnings, once per kind). */
export function checkPools(
  spec: ResolvedSpec,
  pools: SeedPools,
  contexts: SeedPools,
  repeat: number,
  withoutContext: boolean,
): { issues: ConfigIssue[]; warnings: string[] } {
  const { shots } = spec.prompt;
  const issues = sharedContextIssues(spec, contexts);
  const fewSeeds: Pool[] = [];
  const fewContexts: Pool[] = [];
  const needed = neededFields(spec, withoutContext);
  const lacking = new Map<string, ConfigIssue>();
  for (const [index, { name }] of spec.labels.entries()) {
    const pool = pools[index] ?? [];
    const texts = contexts[index] ?? [];
    const path = pathText(["labels", name]);
    if (shots > 0 && pool.length === 0) {
      const remedy = "add seeds of this label, or set prompt.shots to 0";
      issues.push({ path, message: `Expected seeds for ${shots} examples per prompt, received none: ${remedy}` });
    } else if (pool.length < shots * repeat) fewSeeds.push({ name, size: pool.length });
    if (spec.contexts !== undefined && texts.length === 0) {
      issues.push({
        path,
        message: "Expected contexts, received none: add contexts of this label, or some without a label",
      });
    } else if (spec.contexts !== undefined && texts.length < repeat && spec.contextDeal?.perGroup !== true) {
      fewContexts.push({ name, size: texts.length });
    }
    for (const { id, fields } of pool) {
      const missing = needed.filter((field) => !Object.hasOwn(fields, field));
      if (missing.length > 0) lacking.set(id, { path: "seeds", message: lacks(id, missing) });
    }
  }
  const named = [...lacking.values()].slice(0, mostNamed);
  issues.push(...named);
  const rest = lacking.size - named.length;
  if (rest > 0) issues.push({ path: "seeds", message: `and ${rest} more that lack a field` });
  const tooFew = fewSeeds.filter(({ size }) => size < shots);
  const shared = fewSeeds.filter(({ size }) => size >= shots);
  const ofGroup = `for ${repeat} x ${shots} examples of a group`;
  const warnings = [
    ...tellPools(tooFew, "seeds", ofGroup, (size) => {
      return size === undefined ? "their prompts have no more examples" : `its prompts have ${size} examples each`;
    }),
    ...tellPools(shared, "seeds", ofGroup, () => "rows share some of them"),
    ...tellPools(fewContexts, "contexts", `for the ${repeat} rows of a group`, () => "rows share them"),
  ];
  return { issues, warnings };
}

/** A label, and how many texts it has. */
interface Pool {
  readonly name: string;
  readonly size: number;
}

const mostShown = 5;

// One line for all labels of which the same is to be said.
function tellPools(
  pools: readonly Pool[],
  what: string,
  need: string,
  consequence: (size: number | undefined) => string,
): string[] {
  const [first, second] = pools;
  if (first === undefined) return [];
  const { name, size } = first;
  const one = size === 1 ? what.slice(0, -1) : what;
  if (second === undefined) return [`Label "${name}" has ${size} ${one} ${need}: ${consequence(size)}`];
  const shown = pools.slice(0, mostShown).map((pool) => `"${pool.name}" ${pool.size}`);
  if (pools.length > mostShown) shown.push(`and ${pools.length - mostShown} more`);
  return [`${pools.length} labels have few ${what} (${shown.join(", ")}) ${need}: ${consequence(undefined)}`];
}

// The placeholders that a seed must fill in its own block: all but those that are given to it.
function neededFields({ prompt }: ResolvedSpec, withoutContext: boolean): string[] {
  const used = blockPlaceholders(promptTexts(prompt));
  if (withoutContext) for (const name of blockPlaceholders(promptTexts(prompt, true))) used.add(name);
  for (const name of givenPlaceholders) used.delete(name);
  return [...used];
}

function lacks(id: string, missing: readonly string[]): string {
  const fields = missing.map((field) => `"${field}"`).join(", ");
  return `Expected seed "${id}" to have ${fields}, since the prompt uses the placeholder in its examples too`;
}
