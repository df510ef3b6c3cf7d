// Joins the shards of a dataset: what one process does behind its engine is done here, on the groups that many made.
import { z } from "zod";
import { type ConfigIssue, InvalidConfigError, invalidField } from "../errors.js";
import { carryReviews } from "../files/review.js";
import type { Instance } from "../instance.js";
import { groupsUntil } from "../methods/label-sets.js";
import { methodRepeat } from "../methods/methods.js";
import type { FinishedGroup } from "../run/checkpoint.js";
import { groupsFor, type LabelTally, rowsMade } from "../run/ledger.js";
import { Selection } from "../run/selection.js";
import type { Shard } from "../run/shard-goal.js";
import type { ResolvedSpec } from "../task/spec.js";
import { grownFrom } from "./differences.js";
import { type RunDescription, readManifest } from "./manifest.js";
import { describeWhole, type Part, rejectedOf, rowsOf, unlike } from "./merge-part.js";
import { RunDirectory } from "./run-directory.js";

/** What shards that have too few groups leave open. */
export interface MissingRows {
  /** By label, those that lack some. */
  readonly labels: Readonly<Record<string, number>>;
  /** Groups that the whole dataset will presumably take, over all shards; for each shard to make its part of. */
  readonly groups: number;
  /** `limits.maxGroups`; when it is less than `groups`, it must be raised first. */
  readonly maxGroups: number;
  /** The shards that must go on, with their directories; no path of one that was not given. */
  readonly shards: readonly (Shard & { readonly path?: string })[];
}

/** What a merge of shards came to. */
export interface MergedShards {
  readonly rows: number;
  readonly groups: number;
  readonly labels: Readonly<Record<string, LabelTally>>;
  readonly missing: MissingRows | undefined;
}

const settingsSchema = z.object({
  labels: z.array(z.object({ name: z.string() })).min(1),
  count: z.array(z.int().min(0)),
  filters: z.object({ duplicates: z.boolean(), nearDuplicates: z.union([z.number(), z.literal(false)]) }),
  limits: z.object({ maxGroups: z.int().min(1) }),
});

/**
 * @param parts  shards of one dataset, in any order; some may be missing.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with all that is wrong, when they do not belong together or
 *   `out` holds something else.
 */
export async function mergeShards(parts: readonly Part[], out: string): Promise<MergedShards> {
  const first = parts.find(({ manifest }) => manifest.shard !== undefined)!;
  const issues = [...parts.flatMap((part) => misfit(part, first)), ...twice(parts)];
  if (issues.length > 0) throw new InvalidConfigError(issues);
  const whole = describeWhole(first);
  await checkOut(out, whole);
  const settings = settingsSchema.parse(first.manifest.settings);
  const directory = await RunDirectory.open(out);
  try {
    const { checkpoint } = directory;
    const selection = await Selection.create(settings, checkpoint);
    const paths = parts.map(({ path }) => path);
    await directory.begin(whole, { mergedFrom: paths });
    await carryReviews(paths, out);
    let group = checkpoint?.groups ?? 0;
    for await (const generated of groupsFrom(parts, group)) {
      if (selection.done) break;
      await directory.commit(await selection.take(checked(generated, settings.labels)));
      group++;
    }
    const missing = selection.done ? undefined : missingRows(parts, selection, group);
    const reason = "rows are missing: the shards must go on, then the same merge again";
    await directory.close(missing === undefined ? { state: "done" } : { state: "incomplete", reason });
    const labels = Object.fromEntries(
      selection.counts().map(({ wanted: _, ...tally }, i) => [first.labels[i]!.name, tally]),
    );
    return { rows: directory.instances, groups: group, labels, missing };
  } catch (error) {
    const { message: reason } = error as Error;
    await directory.close({ state: "failed", reason }).catch(() => {}); // the first error is the one to tell
    throw error;
  } finally {
    await directory.release();
  }
}

// A merge goes on where the one before lacked rows, or where its shards have grown since.
async function checkOut(out: string, whole: RunDescription): Promise<void> {
  const manifest = await readManifest(out);
  if (manifest === null) return;
  if (manifest.mergedFrom !== undefined && (manifest.state !== "done" || grownFrom(manifest, whole))) return;
  const message = "This directory already holds a run: choose another directory";
  throw invalidField(out, message);
}

function misfit(part: Part, first: Part): ConfigIssue[] {
  const { shard, settings } = part.manifest;
  if (shard === undefined) {
    const message =
      "Expected a shard like the others, received a run that makes all groups: merge shards with shards only";
    return [{ path: part.path, message }];
  }
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    const message = `Expected the settings of a run (${parsed.error.issues[0]?.path.join(".")} is missing or wrong)`;
    return [{ path: part.path, message }];
  }
  if (shard.count !== first.manifest.shard?.count) {
    const message =
      `Expected a shard of ${first.manifest.shard?.count} as ${first.path} is, ` + `received one of ${shard.count}`;
    return [{ path: part.path, message }];
  }
  const wrong = part.entries.findIndex(({ group }, i) => group !== shard.index + i * shard.count);
  if (wrong >= 0) {
    const expected = shard.index + wrong * shard.count;
    const message =
      `Expected group ${expected} in line ${wrong + 1}, received group ${part.entries[wrong]!.group}: ` +
      "the file was changed or damaged";
    return [{ path: `${part.path}/journal.jsonl`, message }];
  }
  const { shard: _, ...whole } = part.manifest;
  const { shard: __, ...firstWhole } = first.manifest;
  const others = unlike({ ...first, manifest: firstWhole }, { ...part, manifest: whole });
  const counts = JSON.stringify(part.labels) === JSON.stringify(first.labels) ? [] : [count(part, first)];
  return [...others, ...counts];
}

function count({ path, labels }: Part, first: Part): ConfigIssue {
  const [expected, received] = [first, { labels }].map((part) => part.labels.map(({ wanted }) => wanted).join(", "));
  return { path: `${path}: count`, message: `Expected ${expected} as in ${first.path}, received ${received}` };
}

function twice(parts: readonly Part[]): ConfigIssue[] {
  return parts.flatMap((part, i) => {
    const other = parts.slice(0, i).find(({ manifest }) => manifest.shard?.index === part.manifest.shard?.index);
    if (other === undefined || part.manifest.shard === undefined) return [];
    const message =
      "Expected a shard that no other directory has, " +
      `received shard ${part.manifest.shard.index} like ${other.path}`;
    return [{ path: part.path, message }];
  });
}

// In the order of their numbers, from `group` up to the first that no shard has.
async function* groupsFrom(parts: readonly Part[], group: number): AsyncGenerator<FinishedGroup, void, undefined> {
  const count = parts[0]!.manifest.shard!.count;
  const byIndex = new Map(parts.map((part) => [part.manifest.shard!.index, part]));
  for (let number = group; ; number++) {
    const part = byIndex.get(number % count);
    const position = Math.floor(number / count);
    const entry = part?.entries[position];
    if (part === undefined || entry === undefined) return;
    const before = part.entries[position - 1];
    const instances = (await rowsOf(part, entry, before?.bytes ?? 0)) as Instance[];
    const rejected = await rejectedOf(part, entry, before);
    yield { group: number, instances, labels: entry.labels, ...(rejected ? { rejected } : {}) };
  }
}

// The checksums say that these are the bytes which were written; whether by a run, what is used of them must show.
function checked(group: FinishedGroup, labels: readonly { readonly name: string }[]): FinishedGroup {
  for (const row of group.instances as readonly (Partial<Instance> | null)[]) {
    if (typeof row?.text === "string" && labels.some(({ name }) => name === row.label)) continue;
    const message = `Expected rows of group ${group.group} with a text and a label of the task, received others`;
    throw invalidField("data.jsonl", `${message}: the file was changed or damaged`);
  }
  return group;
}

function missingRows(parts: readonly Part[], selection: Selection, groups: number): MissingRows {
  const { manifest, labels } = parts[0]!;
  const settings = manifest.settings as ResolvedSpec;
  const { method, limits } = settings;
  const repeat = methodRepeat(method);
  const counts = selection.counts();
  const turns = counts.map((count) =>
    groupsFor(count.wanted, { good: count.accepted + count.surplus, made: rowsMade(count) }, repeat),
  );
  const needed = turns.map((each) => groupsUntil(each, settings));
  const { count } = manifest.shard!;
  // where the rows do not tell, as many again
  const target = Math.max(groups + 1, ...needed.map((each) => (Number.isFinite(each) ? each : 2 * groups)));
  const shards = Array.from({ length: count }, (_, index) => {
    const part = parts.find((each) => each.manifest.shard!.index === index);
    return { index, count, made: part?.entries.length ?? 0, ...(part === undefined ? {} : { path: part.path }) };
  });
  const behind = shards.filter(({ index, made }) => index + made * count < target);
  return {
    labels: Object.fromEntries(
      counts.flatMap(({ wanted, accepted }, i) => (accepted < wanted ? [[labels[i]!.name, wanted - accepted]] : [])),
    ),
    groups: target,
    maxGroups: Math.max(
      limits.maxGroups,
      ...parts.map((part) => (part.manifest.settings as ResolvedSpec).limits.maxGroups),
    ),
    shards: behind.map(({ made: _, ...shard }) => shard),
  };
}
