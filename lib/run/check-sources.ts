/** What can be found wrong with a task's seeds and contexts without a model: before one is loaded, or fetched. */
import { InvalidConfigError } from "../errors.js";
import { groupShape } from "../methods/coupling.js";
import { methodRepeat } from "../methods/methods.js";
import { checkPools } from "../prompt/group-checks.js";
import { readSeeds, type SeedPools } from "../prompt/seeds.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";

/**
 * Reads the files that a task names as its seeds and contexts, and checks them against it. What a program gave as items
 * is left alone, since it may be such that it can be read but once.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with all that is wrong in both files at once; for a label
 *   without seeds or contexts; for a seed that lacks a field which the prompt uses.
 * @example
 * import { checkSources } from "corrsynth";
 * await writeFile("seeds.csv", "text,label\na hare,animal\na fern,plnat\n");
 * const task = { labels: ["animal", "plant"], prompt: { instruction: "A {label}" }, seeds: "seeds.csv", count: 2 };
 * await checkSources(task).catch((error) => console.log(error.message)); // seeds.csv:3: Unknown label "plnat" …
 */
export async function checkSources(task: SynthesisSpec | ResolvedSpec): Promise<void> {
  const spec = resolveSpec(task);
  const read = await Promise.allSettled([pools(spec, "seeds"), pools(spec, "contexts")]);
  const issues = read.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    if (result.reason instanceof InvalidConfigError) return result.reason.issues;
    throw result.reason;
  });
  const [seeds, contexts] = read.map((result) => (result.status === "fulfilled" ? result.value : undefined));
  if (issues.length === 0 && seeds !== undefined && contexts !== undefined) {
    const shape = groupShape(spec.method, spec.labels.length);
    const used = spec.prompt.shots > 0 ? seeds : [];
    const withoutContext = shape.rows.some((row) => row.withoutContext);
    issues.push(...checkPools(spec, used, contexts, methodRepeat(spec.method), withoutContext).issues);
  }
  if (issues.length > 0) throw new InvalidConfigError(issues);
}

// Undefined of items.
async function pools(spec: ResolvedSpec, field: "seeds" | "contexts"): Promise<SeedPools | undefined> {
  const source = spec[field];
  if (source === undefined) return [];
  return typeof source === "string" ? await readSeeds(source, spec.labels, field) : undefined;
}
