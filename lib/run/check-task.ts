/** Everything about a task that can be known without its model. */
import { type DeviceOptions, resolveDevice } from "../engine/device.js";
import { InvalidConfigError } from "../errors.js";
import { studentIssues } from "../label-check/student.js";
import { groupShape } from "../methods/coupling.js";
import { methodRepeat } from "../methods/methods.js";
import { checkPools } from "../prompt/group-checks.js";
import { Hints } from "../prompt/hints.js";
import { seedWarnings } from "../prompt/seed-remarks.js";
import { readSeeds, type SeedPools } from "../prompt/seeds.js";
import { readTemplateFile } from "../prompt/template-file.js";
import { usesPlaceholder } from "../task/prompt-spec.js";
import { taskRemarks } from "../task/remarks.js";
import { type ResolvedSpec, resolveSpec, type SynthesisSpec } from "../task/spec.js";

/** A task that is sound, as far as that can be known without its model. */
export interface CheckedTask {
  /** The task with every default filled in. */
  readonly spec: ResolvedSpec;
  /** What is sound and yet hardly meant, and what makes its prompts less varied; a run says the same in its report. */
  readonly warnings: readonly string[];
}

/**
 * Checks a task as far as that goes without its model, which may take minutes to load or hours to fetch: its fields,
 * those of `device`, and what the files that it names hold. Sources that can be read but once are left alone.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with everything that is wrong with the fields; and when these are
 *   sound, with the files.
 * @example
 * import { checkTask } from "corrsynth";
 * const prompt = { instruction: "A {label}", shots: 1 };
 * const seeds = [{ text: "small and grey", label: "mouse" }];
 * const refusal = await checkTask({ labels: ["cat", "dog"], prompt, seeds, count: 5 }).catch(({ message }) => message);
 * console.log(refusal); // seeds[0]: Unknown label "mouse", expected one of "cat", "dog"
 */
export async function checkTask(spec: SynthesisSpec | ResolvedSpec, device: DeviceOptions = {}): Promise<CheckedTask> {
  const [resolved] = await allOf(
    () => resolveSpec(spec),
    () => resolveDevice(device),
  );
  const { prompt, labels, method, amateur, guide } = resolved;
  const readTemplate = (template: unknown) => (typeof template === "string" ? readTemplateFile(template) : undefined);
  const [seeds, contexts] = await allOf(
    () => readAgain(resolved, "seeds"),
    () => readAgain(resolved, "contexts"),
    () => readTemplate(prompt.template),
    () => readTemplate((amateur ?? guide)?.template),
  );
  const isUnread = (pools: SeedPools | undefined, field: "seeds" | "contexts") =>
    pools === undefined && resolved[field] !== undefined;
  if (isUnread(seeds, "seeds") || isUnread(contexts, "contexts")) {
    return { spec: resolved, warnings: taskRemarks(resolved) };
  }
  const withoutContext = groupShape(method, 1).rows.some((row) => row.prompt === "without-context");
  const pools = prompt.shots > 0 ? (seeds ?? []) : [];
  const { issues, warnings } = checkPools(resolved, pools, contexts ?? [], methodRepeat(method), withoutContext);
  issues.push(...studentIssues(resolved, seeds ?? []));
  if (usesPlaceholder(resolved, "hint")) issues.push(...new Hints(seeds ?? []).issues(labels));
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const remarks = [...taskRemarks(resolved), ...seedWarnings(labels, seeds ?? [])];
  return { spec: resolved, warnings: [...remarks, ...warnings] };
}

// Undefined of what is not given, and of what can be read but once.
async function readAgain(spec: ResolvedSpec, field: "seeds" | "contexts"): Promise<SeedPools | undefined> {
  const source = spec[field];
  if (typeof source !== "string" && !Array.isArray(source)) return undefined;
  return await readSeeds(source, spec.labels, field);
}

// The results of all, or all that is wrong with them.
async function allOf<Results extends readonly unknown[]>(
  ...makers: { [I in keyof Results]: () => Promise<Results[I]> | Results[I] }
): Promise<Results> {
  const outcomes = await Promise.allSettled(makers.map(async (make) => make()));
  const errors = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason as unknown] : []));
  const other = errors.find((error) => !(error instanceof InvalidConfigError));
  if (other !== undefined) throw other;
  const issues = (errors as InvalidConfigError[]).flatMap((error) => error.issues);
  if (issues.length > 0) throw new InvalidConfigError(issues);
  return outcomes.map((outcome) => (outcome as PromiseFulfilledResult<unknown>).value) as unknown as Results;
}
