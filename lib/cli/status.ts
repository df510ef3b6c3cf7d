// corrsynth status DIR...: what directories of runs, rounds and arenas hold and how far they are; status NAME --queue URL: the same of
// queued runs.
import { Command } from "commander";
import { arenaStatus, hasArena } from "../arena/index.js";
import { reasonCounts } from "../index.js";
import { hasRounds, type RejectedRow, type RunStatus, roundsStatus, runStatus } from "../io.js";
import { type QueueStatus, queueStatus } from "../queue/index.js";
import { arenaText, type FoundArena } from "./arena-status.js";
import { attributeLines } from "./attribute-lines.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom } from "./options.js";
import { queueOption } from "./queue-options.js";
import { queueStatusText } from "./queue-status.js";
import { lastRejected, rejectedText } from "./rejected-text.js";
import { reviewedText } from "./reviewed-text.js";
import { type FoundRounds, roundsText } from "./rounds-status.js";
import { facts, grouped, printable, table } from "./terminal.js";

export function statusCommand({ stdout }: Environment, exit: (code: number) => void): Command {
  return new Command("status")
    .description(
      "show what run directories hold: state, rows per label, groups, who writes to them; of rounds, each of them; of an arena " +
        "or a tuning, its arms and what to do next",
    )
    .argument("<dir...>", "directories of runs, rounds, arenas; with --queue, names of queued runs")
    .addOption(queueOption())
    .option(
      "--rejected <n>",
      "the last n rejected rows too, with their reasons, where the run keeps them",
      integerFrom(1),
    )
    .option("--json", "as JSON, a list with an object for each of them", false)
    .action(async (paths: string[], { json, queue, rejected }: Options) => {
      if (queue !== undefined) {
        const found: (QueueStatus & { name: string })[] = [];
        for (const name of paths) found.push({ name, ...(await queueStatus({ queue, name })) });
        const texts = found.map((status) => queueStatusText(status.name, status));
        stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : texts.join("\n"));
        return exit(exitCodes.done);
      }
      const found: (Found | FoundRounds | FoundArena)[] = [];
      for (const path of paths) {
        if (await hasArena(path)) {
          found.push({ path, ...(await arenaStatus(path)) });
          continue;
        }
        if (await hasRounds(path)) {
          found.push({ path, ...(await roundsStatus(path)) });
          continue;
        }
        const rows = rejected === undefined ? {} : { rejectedRows: (await lastRejected(path, rejected)) ?? null };
        found.push({ path, ...(await runStatus(path)), ...rows });
      }
      stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : found.map(textOf).join("\n"));
      exit(found.some((status) => "damage" in status && status.damage !== null) ? exitCodes.badInput : exitCodes.done);
    });
}

interface Options {
  readonly json: boolean;
  readonly queue?: string;
  readonly rejected?: number;
}

interface Found extends RunStatus {
  readonly path: string;
  /** Null where the run keeps none; absent where none was asked for. */
  readonly rejectedRows?: readonly RejectedRow[] | null;
}

function textOf(found: Found | FoundRounds | FoundArena): string {
  if ("kind" in found) return arenaText(found);
  return "policy" in found ? roundsText(found) : text(found);
}

function text({
  path,
  state,
  reason,
  shard,
  rows,
  wanted,
  labels,
  attributes = {},
  reviewed,
  groups,
  damage,
  lastWritten,
  heldBy,
  rejectedRows,
}: Found): string {
  const lines: [string, string][] = [
    ["run", path],
    ["state", reason === undefined ? state : `${state}: ${reason.split("\n")[0]}`],
    ...(shard === null ? [] : [["shard", `${shard.index}/${shard.count}`] satisfies [string, string]]),
    [shard === null ? "rows" : "candidates", `${grouped(rows)} of ${grouped(wanted)}`],
    ["groups", grouped(groups)],
    ...(reviewed === undefined ? [] : [["reviewed", reviewedText(reviewed)] satisfies [string, string]]),
    ...attributeLines(attributes),
    ...(damage === null ? [] : [["damage", damage] satisfies [string, string]]),
    ["last written", lastWritten ?? "never"],
    ["written by", heldBy === null ? "no process" : `process ${heldBy.pid} of ${heldBy.host} since ${heldBy.since}`],
  ];
  const isChecked = Object.values(labels).some(({ takenFor }) => takenFor !== undefined);
  const counts = Object.entries(labels).map(([name, { wanted, accepted, surplus, rejected, takenFor = {} }]) => {
    const cells = [name, grouped(accepted), grouped(wanted), grouped(surplus), reasonCounts(rejected) || "0"];
    return [...cells, ...(isChecked ? [reasonCounts(takenFor)] : [])].map((cell) => printable(cell));
  });
  const shown = lines.map(([name, value]) => [name, printable(value)] as const);
  const heads = ["label", shard === null ? "rows" : "candidates", "wanted", "surplus", "rejected"];
  if (isChecked) heads.push("taken for");
  const kept = rejectedRows === undefined ? "" : `\n${rejectedText(rejectedRows ?? undefined)}`;
  return `${facts(shown)}${table(heads, counts)}${kept}`;
}
