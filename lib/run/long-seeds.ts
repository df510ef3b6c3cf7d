/** Seeds with which a prompt does not fit a row: which they are, and what a task wants done about them. */
import type { Teacher } from "../engine/teacher.js";
import { type LongSeed, PromptTooLongError } from "../errors.js";
import type { GroupFactory } from "../prompt/group.js";
import type { Seed, SeedPools } from "../prompt/seeds.js";
import type { ResolvedSpec } from "../task/spec.js";

/** What a task's prompts have room for. */
interface Room {
  /** Tokens that a row holds at most. */
  readonly contextSize: number;
  readonly longestPrompts: ReadonlyMap<string, number>;
}

/** Seeds that were left out, and those that stay. */
export interface FittingSeeds {
  readonly pools: SeedPools;
  /** What a person should know; empty where all fit. */
  readonly warnings: readonly string[];
}

/**
 * The seeds with which all prompts fit, as the task has it: all of them, or those that are left when as few of the
 * longest of each label are taken out as it takes.
 * @throws {PromptTooLongError} where a prompt does not fit and `seeds.tooLong` is "error", or no seed is to blame.
 */
export async function fittingSeeds(
  teacher: Teacher,
  spec: ResolvedSpec,
  factory: GroupFactory,
  pools: SeedPools,
  { contextSize, longestPrompts }: Room,
): Promise<FittingSeeds> {
  const { maxTokens } = spec.sampling;
  const room = contextSize - maxTokens;
  const tooLong = spec.labels
    .map(({ name }, label) => ({ name, label }))
    .filter(({ name }) => (longestPrompts.get(name) ?? 0) > room);
  if (tooLong.length === 0) return { pools, warnings: [] };
  const kept = [...pools];
  const left: SizedSeed[] = [];
  const fail = (name: string, seed?: LongSeed) => {
    const promptTokens = longestPrompts.get(name)!;
    const { contextTrain } = teacher.info;
    return new PromptTooLongError({ label: name, promptTokens, maxTokens, contextSize, contextTrain, seed });
  };
  for (const { name, label } of tooLong) {
    const sized = await bySize(teacher, spec.prompt.shots > 0 ? (pools[label] ?? []) : []);
    const count = await fewestToGo(teacher, spec, factory, label, sized, room);
    if (count === undefined) throw fail(name, sized[0] && named(sized[0], 0));
    const gone = sized.slice(0, count);
    const ids = new Set(gone.map(({ seed }) => seed.id));
    kept[label] = (pools[label] ?? []).filter(({ id }) => !ids.has(id));
    left.push(...gone);
  }
  left.sort((a, b) => b.tokens - a.tokens);
  const [longest] = left as [SizedSeed];
  const owner = tooLong.find(({ label }) => pools[label]!.includes(longest.seed))!;
  if (spec.longSeeds === "error") throw fail(owner.name, named(longest, left.length));
  return { pools: kept, warnings: [skipped(left)] };
}

interface SizedSeed {
  readonly seed: Seed;
  readonly tokens: number;
}

function named({ seed: { place, id }, tokens }: SizedSeed, tooLong: number): LongSeed {
  return { place, id, tokens, tooLong };
}

/** The longest first. */
async function bySize(teacher: Teacher, pool: readonly Seed[]): Promise<SizedSeed[]> {
  const tokens = await teacher.tokenize(pool.map(({ text }) => [{ text, special: false }]));
  return pool.map((seed, i) => ({ seed, tokens: tokens[i]!.length })).sort((a, b) => b.tokens - a.tokens);
}

// How many of the longest seeds must go for the longest prompt of those that stay to fit; undefined where prompts would
// then have fewer examples than before, or would not fit either.
async function fewestToGo(
  teacher: Teacher,
  { prompt: { shots } }: ResolvedSpec,
  factory: GroupFactory,
  label: number,
  sized: readonly SizedSeed[],
  room: number,
): Promise<number | undefined> {
  const fitsWithout = async (count: number) => {
    const examples = sized.slice(count, count + shots).map(({ seed }) => seed);
    const tokens = await teacher.tokenize(factory.promptsWith(label, examples));
    return tokens.every(({ length }) => length <= room);
  };
  let [most, least] = [sized.length - shots, 0]; // least: so many are too few; most: so many are enough
  if (most < 1 || !(await fitsWithout(most))) return undefined;
  while (most - least > 1) {
    const middle = Math.floor((least + most) / 2);
    if (await fitsWithout(middle)) most = middle;
    else least = middle;
  }
  return most;
}

/** Seeds that a warning names. */
const mostShown = 3;

function skipped(left: readonly SizedSeed[]): string {
  const shown = left.slice(0, mostShown).map(({ seed, tokens }) => `${seed.place} (id "${seed.id}", ${tokens} tokens)`);
  const more = left.length > shown.length ? ` and ${left.length - shown.length} more` : "";
  const [what, are] = left.length === 1 ? ["1 seed", "is"] : [`${left.length} seeds`, "are"];
  return `${what} with which no prompt fits a row ${are} left out: ${shown.join(", ")}${more}`;
}
