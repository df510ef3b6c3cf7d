// corrsynth merge DIR... --out DIR: joins the runs of several machines into one dataset.
import { Command } from "commander";
import { type MissingRows, mergeRuns } from "../io.js";
import { type Environment, exitCodes } from "./command.js";
import { jsonOption } from "./options.js";
import { grouped, json, printable } from "./terminal.js";

/** Shards that are named one by one when they must go on. */
const mostNamed = 16;

export function mergeCommand({ stdout, stderr }: Environment, exit: (code: number) => void): Command {
  return new Command("merge")
    .description("join the shards of one dataset, or finished runs that made different groups; they stay as they are")
    .argument("<dir...>", "run directories")
    .requiredOption("--out <dir>", "new or empty directory to write to; of shards also one that still lacks rows")
    .addOption(jsonOption("what was joined, and what is missing"))
    .action(async (paths: string[], options: { readonly out: string; readonly json: boolean }) => {
      const { out } = options;
      const merged = await mergeRuns(paths, out);
      if (options.json) stdout.write(json(merged));
      const { rows, groups, duplicates, missing } = merged;
      const lines = [`${grouped(rows)} rows of ${grouped(groups)} groups in ${out}`];
      if (duplicates > 0) {
        const repeat = duplicates === 1 ? "row repeats" : "rows repeat";
        lines.push(
          `warning: ${grouped(duplicates)} ${repeat} the text of an earlier row of another run; they were kept`,
        );
      }
      if (missing !== undefined) lines.push(...advice(missing));
      stderr.write(lines.map((line) => `${printable(line)}\n`).join(""));
      exit(missing === undefined ? exitCodes.done : exitCodes.quotaNotMet);
    });
}

function advice({ labels, groups, maxGroups, shards }: MissingRows): string[] {
  const lacking = Object.entries(labels).map(([label, rows]) => `${label} ${grouped(rows)}`);
  const named = shards.slice(0, mostNamed).map(({ index, count, path }) => {
    return `  corrsynth run TASK --shard ${index}/${count} --out ${path ?? "DIR"} --groups ${groups}`;
  });
  return [
    `corrsynth: rows are missing: ${lacking.join(", ")}. Let the shards go on, then merge again:`,
    ...named,
    ...(shards.length > mostNamed ? [`  and ${shards.length - mostNamed} more shards likewise`] : []),
    ...(groups > maxGroups ? [`That is more than "limits.maxGroups" (${maxGroups}): most rows are rejected`] : []),
  ];
}
