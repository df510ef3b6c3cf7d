// How old the pinned llama.cpp is, and which of its holes are known. See --help.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { knownTo } from "./advisories.mjs";

/** Days: llama.cpp changes daily, and its model files with it. */
const mostDays = 90;
const HELP = `Usage: node scripts/release/pin.mjs [options]

Says how old the pinned llama.cpp is and lists its known holes, as deps/advisories.json has them: which part, whether the pin
has it, how it touches us. Asks OSV, GitHub and the NVD whether there are others. Exit code 1 when the pin is too old, when the
review is of another pin, when an advisory that may affect it was not reviewed, and when nobody could be asked.

  --offline          only what is committed
  --max-age DAYS     oldest pin, default ${mostDays}
  --help
`;
const outcomes = ["fixed", "not compiled", "later", "affected"];
const daysBetween = (from, to) => Math.floor((Date.parse(to) - Date.parse(from)) / 86_400_000);
const read = (file) => JSON.parse(readFileSync(new URL(`../../deps/${file}`, import.meta.url), "utf8"));

/** The pin of deps/llama.json and its review, deps/advisories.json. */
export const readPin = () => ({ pin: read("llama.json"), review: read("advisories.json") });

/**
 * What keeps this pin from being released on the day `today` ("2026-11-30"); empty when nothing does.
 * @param found  advisories elsewhere, { ids, summary, published, fixed }; undefined: nobody was asked.
 */
export function pinProblems({ pin, review, found = [], today, oldest = mostDays }) {
  const problems = [];
  const age = daysBetween(pin.date, today);
  if (!(age >= 0)) problems.push(`deps/llama.json has no date before ${today}: it has ${pin.date}`);
  if (age > oldest)
    problems.push(
      `the pinned llama.cpp (${pin.tag}) is ${age} days old, more than ${oldest}: move the pin (CONTRIBUTING.md says how)`,
    );
  if (review.reviewedFor !== pin.commit)
    problems.push(
      `deps/advisories.json was reviewed for ${review.reviewedFor}, the pin is ${pin.commit}: look at each entry again`,
    );
  for (const { ids, pin: outcome, touches = "" } of review.advisories) {
    if (!outcomes.includes(outcome) || touches === "")
      problems.push(
        `deps/advisories.json says of ${ids[0]} neither one of ${outcomes.join(", ")} nor how it touches us`,
      );
  }
  const reviewed = new Set(review.advisories.flatMap(({ ids }) => ids));
  for (const advisory of found) {
    const wasFixed = advisory.fixed && advisory.published.slice(0, 10) < pin.date;
    if (wasFixed || advisory.ids.some((id) => reviewed.has(id))) continue;
    const summary = advisory.summary.split("\n")[0].slice(0, 200);
    problems.push(`${advisory.ids.join(", ")} was not reviewed (add it to deps/advisories.json): ${summary}`);
  }
  return problems;
}

/** The known holes as lines, those that the pin has first. */
export function pinLines({ pin, review, today }) {
  const age = daysBetween(pin.date, today);
  const sorted = review.advisories.toSorted(
    (a, b) => Number(b.pin === "affected") - Number(a.pin === "affected"), // stable: else as they stand
  );
  return [
    `llama.cpp ${pin.tag} of ${pin.date}, ${age} days old; reviewed on ${review.reviewedOn}`,
    ...sorted.map(({ ids, part, pin: outcome, touches }) => `${outcome}: ${ids.join(", ")} (${part}). ${touches}`),
  ];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { values } = parseArgs({
    options: {
      offline: { type: "boolean", default: false },
      "max-age": { type: "string", default: String(mostDays) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else process.exitCode = await main(values);
}

async function main(values) {
  const oldest = Number(values["max-age"]);
  if (!(oldest > 0)) {
    console.error(`[pin] Expected --max-age as days, received ${values["max-age"]}`);
    return 2;
  }
  const told = { ...readPin(), today: new Date().toISOString().slice(0, 10) };
  for (const line of pinLines(told)) console.log(line);
  const asked = values.offline ? { found: [], problems: [] } : await knownTo(fetch, told.pin);
  const problems = [...pinProblems({ ...told, found: asked.found, oldest }), ...asked.problems];
  for (const problem of problems) console.error(`[pin] ${problem}`);
  return problems.length > 0 ? 1 : 0;
}
