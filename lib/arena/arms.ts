/** The arms of an arena, resolved with its task by the one schema of tasks; and the task with the fields of an arm. */
import { eachOnce, parseWith, pathText } from "../checks/issues.js";
import { show, suggestion } from "../checks/nearest.js";
import { type ConfigIssue, InvalidConfigError } from "../errors.js";
import { checkedRounds } from "../rounds/options.js";
import { resolveSpec, type SynthesisSpec } from "../task/spec.js";
import { type Arm, type ArmInput, armSchema } from "./arm.js";
import { type ArmSet, armSets, fewgen } from "./shipped.js";

/** Fields of a task that an arm may change; those that are objects are changed field by field. */
const changeable = ["method", "sampling", "check", "prompt", "attributes", "contexts", "filters", "engine"] as const;
const changedInParts: readonly string[] = ["sampling", "prompt", "filters", "engine"];

/** The arms that are run, and those that the task cannot have. */
export interface ResolvedArms {
  /** The first is the one to beat. */
  readonly arms: readonly Arm[];
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * The arms of a set, or those given, each resolved with the task by its one schema; FewGen is the first of them.
 * @param given  name of a set, or arms.
 * @param baseline  the arm that the others are compared with, where none has its name.
 * @param tokens  of each run, in place of rows; null where rows are counted.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG with every wrong field of every arm that was given. An arm of a set that
 *   the task cannot have is left out instead, with the reason.
 */
export function resolvedArms(
  given: ArmSet | readonly ArmInput[],
  task: SynthesisSpec,
  baseline: ArmInput = fewgen,
  tokens: number | null = null,
): ResolvedArms {
  resolveSpec(task); // what is wrong with the task itself is no arm's fault
  if (typeof given === "string") return ofSet(given, task, baseline, tokens);
  const issues: ConfigIssue[] = [];
  const arms = withBaseline(parsed(given, issues), baseline);
  for (const arm of arms) issues.push(...problems(arm, task, tokens).map((issue) => under(["arms", arm.name], issue)));
  if (issues.length > 0) throw new InvalidConfigError(eachOnce(issues));
  return { arms, leftOut: [] };
}

function ofSet(name: string, task: SynthesisSpec, baseline: ArmInput, tokens: number | null): ResolvedArms {
  const set: readonly ArmInput[] | undefined = Object.hasOwn(armSets, name) ? armSets[name as ArmSet] : undefined;
  if (set === undefined) {
    const message = `Unknown set of arms ${show(name)}${suggestion(name, Object.keys(armSets))}`;
    throw new InvalidConfigError([{ path: "arms", message }]);
  }
  const leftOut: { name: string; reason: string }[] = [];
  const settings = new Map<string, string>();
  const arms = withBaseline(set.map(plainArm), baseline).filter((arm) => {
    const missing = set.find((one) => one.name === arm.name)?.needs?.find((field) => task[field] === undefined);
    const [problem] = missing === undefined ? problems(arm, task, tokens) : [];
    const key = missing === undefined && problem === undefined ? settingsKey(task, arm) : "";
    const same = settings.get(key);
    if (missing !== undefined) leftOut.push({ name: arm.name, reason: `the task has no ${missing}` });
    else if (problem !== undefined) {
      leftOut.push({ name: arm.name, reason: `${problem.path.replace(/^fields\./, "")}: ${problem.message}` });
    } else if (same !== undefined) leftOut.push({ name: arm.name, reason: `of this task it is the same as ${same}` });
    else settings.set(key, arm.name);
    return settings.get(key) === arm.name;
  });
  return { arms, leftOut };
}

function plainArm({ name, why = "", fields, rounds }: ArmInput): Arm {
  return { name, why, fields, ...(rounds === undefined ? {} : { rounds }) };
}

function withBaseline(arms: readonly Arm[], baseline: ArmInput): Arm[] {
  const own = arms.find(({ name }) => name === baseline.name) ?? plainArm(baseline);
  return [own, ...arms.filter((arm) => arm !== own)];
}

function parsed(given: readonly ArmInput[], issues: ConfigIssue[]): Arm[] {
  const add = (path: readonly PropertyKey[], message: string) => issues.push({ path: pathText(path), message });
  if (!Array.isArray(given) || given.length === 0) {
    add(["arms"], `Expected a list of arms, or the name of a set, received ${show(given)}`);
    return [];
  }
  const names = new Set<string>();
  return given.flatMap((one, i): Arm[] => {
    const found = parseWith(armSchema, one, ["arms", i]);
    if ("issues" in found) {
      issues.push(...found.issues);
      return [];
    }
    const key = found.data.name.toLowerCase(); // some file systems do not tell them apart
    if (names.has(key)) add(["arms", i, "name"], `Expected every name once, received ${show(found.data.name)} again`);
    names.add(key);
    return [plainArm(found.data)];
  });
}

const under = (prefix: readonly PropertyKey[], { path, message }: ConfigIssue): ConfigIssue => ({
  path: path === "" ? pathText(prefix) : `${pathText(prefix)}.${path}`,
  message,
});

/** All that is wrong with a task that has an arm's fields, and with its rounds. */
function problems({ fields: own, rounds }: Arm, task: SynthesisSpec, tokens: number | null): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const ofFields = (found: readonly ConfigIssue[]) => found.map((issue) => under(["fields"], issue));
  for (const name of Object.keys(own)) {
    if ((changeable as readonly string[]).includes(name)) continue;
    const known = Object.keys(task).includes(name) ? ": it is the same for all arms" : suggestion(name, changeable);
    issues.push({ path: name, message: `Expected one of ${changeable.join(", ")}, which an arm may change${known}` });
  }
  const { seed } = (own.sampling ?? {}) as { seed?: unknown };
  if (seed !== undefined) issues.push({ path: "sampling.seed", message: "Expected none: the arena gives each seed" });
  if (issues.length > 0) return ofFields(issues);
  const resolved = issuesOf(() => resolveSpec(withFields(task, own)));
  if ("issues" in resolved) return ofFields(resolved.issues);
  if (rounds === undefined) return [];
  if (tokens !== null) {
    return [
      { path: "rounds", message: "Expected none where tokens are counted: rounds make as many rows as are asked for" },
    ];
  }
  const checked = issuesOf(() => checkedRounds(rounds, resolved.value));
  return "issues" in checked ? checked.issues.map((issue) => under(["rounds"], issue)) : [];
}

function issuesOf<Value>(action: () => Value): { readonly value: Value } | { readonly issues: readonly ConfigIssue[] } {
  try {
    return { value: action() };
  } catch (error) {
    if (!(error instanceof InvalidConfigError)) throw error;
    return { issues: error.issues };
  }
}

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The task with an arm's fields. It is not checked. */
export function withFields<Task extends object>(task: Task, own: Arm["fields"]): Task {
  const changed = { ...task } as Record<string, unknown>;
  for (const [name, value] of Object.entries(own)) {
    const before = changed[name];
    if (value === null) delete changed[name];
    else if (!changedInParts.includes(name) || !isPlain(value)) changed[name] = value;
    else changed[name] = withoutNull({ ...(isPlain(before) ? before : {}), ...value });
  }
  if (own.method !== undefined) dropUnread(changed);
  const prompts = [task, changed].map((one) => (one as { prompt?: { instruction?: unknown } }).prompt?.instruction);
  const [base, instruction] = prompts;
  if (typeof base === "string" && typeof instruction === "string" && instruction !== base) {
    changed.prompt = { ...(changed.prompt as object), instruction: instruction.replaceAll("{task}", () => base) };
  }
  return changed as Task;
}

/** All settings of a task with an arm's fields, which must be sound, as text: two arms that come to the same have the same. */
export function settingsKey(task: SynthesisSpec, { fields, rounds }: Pick<Arm, "fields" | "rounds">): string {
  const { seeds: _, contexts: __, ...settings } = resolveSpec(withFields(task, fields));
  const contexts = "contexts" in fields ? fields.contexts : task.contexts === undefined ? null : "the task's";
  return JSON.stringify({ ...settings, contexts, rounds });
}

// A task may not name a second model that its method does not read.
function dropUnread(changed: Record<string, unknown>): void {
  const { name, amateur } = (changed.method ?? {}) as { name?: unknown; amateur?: unknown };
  if (name !== "contrastive" && amateur === undefined) delete changed.amateur;
  if (name !== "guided") delete changed.guide;
}

function withoutNull(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
