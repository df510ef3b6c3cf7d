// The rounds of a search: each measures what is left with more seeds and keeps the best; the last uses seeds of its
// own.
import { above, summarise } from "./summary.mjs";

const firstFresh = 1001; // far from those that choose

/**
 * Runs the rounds as far as `measure` goes.
 * @param space  families of settings: { name, curve, settings }.
 * @param coarse  seeds of each choosing round, 1 up to that many; @param keep  settings that each leaves, of all
 * families.
 * @param measure  (setting, seed) -> evaluation, or null where there is no time left.
 * @returns `rounds` of { seeds, candidates: [{ title, family, … }] with the best first }, the last of fresh seeds;
 * `isComplete`, and the number of `runs`.
 */
export async function search(space, { coarse, keep, fresh, measure }) {
  const plan = [...coarse.map((n) => seedsFrom(1, n)), seedsFrom(firstFresh, fresh)];
  const seen = new Map(); // setting's key -> seed -> evaluation
  const rounds = [];
  let isComplete = true;
  let left = space;
  for (const [round, seeds] of plan.entries()) {
    isComplete = await measureAll(left, seeds, measure, seen);
    if (!isComplete) break; // of some settings only, the best would not be the best
    const candidates = left.flatMap((family) => compare(family, seeds, seen)).sort((a, b) => rank(b) - rank(a));
    rounds.push({ seeds, candidates });
    if (round < keep.length) left = narrowed(left, candidates.slice(0, keep[round]));
  }
  const runs = [...seen.values()].reduce((sum, bySeed) => sum + bySeed.size, 0);
  return { rounds, isComplete, runs };
}

const seedsFrom = (first, count) => Array.from({ length: count }, (_, i) => first + i);
const rank = ({ accuracy }) => accuracy?.gain ?? Number.NEGATIVE_INFINITY;

async function measureAll(families, seeds, measure, seen) {
  for (const seed of seeds) {
    for (const setting of families.flatMap(({ curve, settings }) => [...curve, ...settings])) {
      if (!seen.has(setting.key)) seen.set(setting.key, new Map());
      const bySeed = seen.get(setting.key);
      if (bySeed.has(seed)) continue;
      const evaluation = await measure(setting, seed);
      if (evaluation === null) return false;
      bySeed.set(seed, evaluation);
    }
  }
  return true;
}

// How far each setting lies above the family's curve, by these seeds alone.
function compare({ name, curve, settings }, seeds, seen) {
  const summaryOf = ({ key }) => summarise(seeds.map((seed) => seen.get(key).get(seed)));
  const base = curve.map(summaryOf);
  return settings.map((setting) => {
    const point = summaryOf(setting);
    return {
      ...{ title: setting.title, key: setting.key, family: name },
      ...{ selfBleu: point.selfBleu, value: point.accuracy },
      ...{ accuracy: above(base, point, "accuracy"), agreement: above(base, point, "agreement") },
    };
  });
}

// The families with only these settings, without those that have none left.
function narrowed(families, candidates) {
  const keys = new Set(candidates.map(({ key }) => key));
  return families
    .map((family) => ({ ...family, settings: family.settings.filter(({ key }) => keys.has(key)) }))
    .filter(({ settings }) => settings.length > 0);
}
