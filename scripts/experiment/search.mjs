// Looks for a setting that trains a better student than FewGen at the temperature of equal diversity, and then measures
// the best once more, with seeds that did not choose them. What was run before is read back, so it can be stopped.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `Usage: node scripts/experiment/search.mjs [options]

Weak contrasts over plausibility, examples and warm-up, each against FewGen's curve over temperatures. Three rounds: all settings
with few seeds, the best of them with more, and the best of those with fresh seeds, which alone are reported. Needs a built
package (npm run build). One thread; about 5 s a run, 1,400 runs.

  --rows N        rows of each run, over 8 labels, default 400
  --gold N        gold rows of each label to test on, default 250
  --coarse N,M    seeds of the first and second round, default 2,5
  --keep N,M      settings that go on to the second and third round, default 48,8
  --fresh N       fresh seeds of the third round, default 10
  --warm-ups A,…  tokens without contrast at the beginning, default 0,1,2,4
  --every N       searches only every N-th setting, for a try; default 1
  --minutes M     begins no run after so many minutes and writes what there is, default no limit
  --folder DIR    where runs are kept, default .cmake/experiment-search
  --out DIR       where search.md and search.json go, default docs/results
  --help
`;

const root = fileURLToPath(new URL("../..", import.meta.url));
const text = (value) => ({ type: "string", default: value });
const { values } = parseArgs({
  options: {
    ...{ rows: text("400"), gold: text("250"), coarse: text("2,5"), keep: text("48,8"), fresh: text("10") },
    ...{ "warm-ups": text("0,1,2,4"), every: text("1"), minutes: text("Infinity") },
    ...{ folder: text(join(root, ".cmake/experiment-search")), out: text(join(root, "docs/results")) },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(HELP);
  process.exit(0);
}
const list = (value) => value.split(",").map(Number);
const [[rows], [perLabel], [fresh], [every]] = [values.rows, values.gold, values.fresh, values.every].map(list);
const [coarse, keep, warmUps] = [values.coarse, values.keep, values["warm-ups"]].map(list);
const minutes = Number(values.minutes);
const counts = [rows / 8, perLabel, fresh, every, ...coarse, ...keep];
const isWarmUp = (n) => Number.isInteger(n) && n >= 0;
if (
  !counts.every((n) => Number.isInteger(n) && n > 0) ||
  ![coarse, keep].every(({ length }) => length === 2) ||
  !(coarse[1] >= coarse[0] && warmUps.every(isWarmUp) && minutes > 0)
) {
  console.error(
    `Expected integers from 1, rows a multiple of 8, two of --coarse in ascending order and of --keep, and minutes above 0\n\n${HELP}`,
  );
  process.exit(2);
}
if (!existsSync(join(root, "dist/index.js"))) {
  console.error("Found no built package: npm run build");
  process.exit(1);
}

const { splitGold } = await import("./gold.mjs");
const { laboratory } = await import("./measure.mjs");
const { families } = await import("./search-plan.mjs");
const { search } = await import("./search-rounds.mjs");
const { writeSearch } = await import("./search-write.mjs");

const lab = await laboratory({ ...splitGold(perLabel), folder: resolve(values.folder), features: false });
const started = performance.now();
const passed = () => (performance.now() - started) / 60_000;

/** The evaluation of a run, or null once time is up. */
async function measure(setting, seed) {
  if (passed() > minutes && !lab.isStored({ key: setting.key, rows, seed })) return null;
  const begun = performance.now();
  const { evaluation } = await lab.run(setting, seed, rows);
  const seconds = (performance.now() - begun) / 1000;
  if (seconds > 0.5) console.log(`${passed().toFixed(1)} min, seed ${seed} ${setting.title}: ${seconds.toFixed(1)} s`);
  return evaluation;
}

try {
  const space = families(warmUps).map((family) => ({
    ...family,
    settings: family.settings.filter((_, i) => i % every === 0),
  }));
  const found = await search(space, { coarse, keep, fresh, measure });
  writeSearch({ ...found, space, warmUps, coarse, keep, fresh, rows, perLabel, out: resolve(values.out) });
  console.log(
    `${found.runs} runs, ${passed().toFixed(1)} min${found.isComplete ? "" : "; not done: start it again to go on"}`,
  );
} finally {
  await lab.close();
}
