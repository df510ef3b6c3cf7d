// corrsynth status DIR...: what run directories hold and how far they are.
import { Command } from "commander";
import { type RunStatus, runStatus } from "../io/index.js";
import { reasonCounts } from "../run/ledger.js";
import { type Environment, exitCodes } from "./command.js";
import { facts, grouped, printable, table } from "./terminal.js";

export function statusCommand({ stdout }: Environment, exit: (code: number) => void): Command {
  return new Command("status")
    .description("show what run directories hold: state, rows per label, groups, and who writes to them")
    .argument("<dir...>", "run directories")
    .option("--json", "as JSON, a list with an object for each directory", false)
    .action(async (paths: string[], { json }: { json: boolean }) => {
      const found: (RunStatus & { path: string })[] = [];
      for (const path of paths) found.push({ path, ...(await runStatus(path)) });
      stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : found.map(text).join("\n"));
      exit(exitCodes.done);
    });
}

function text({
  path,
  state,
  reason,
  rows,
  wanted,
  labels,
  groups,
  lastWritten,
  heldBy,
}: RunStatus & { path: string }) {
  const lines: [string, string][] = [
    ["run", path],
    ["state", reason === undefined ? state : `${state}: ${reason.split("\n")[0]}`],
    ["rows", `${grouped(rows)} of ${grouped(wanted)}`],
    ["groups", grouped(groups)],
    ["last written", lastWritten ?? "never"],
    ["written by", heldBy === null ? "no process" : `process ${heldBy.pid} of ${heldBy.host} since ${heldBy.since}`],
  ];
  const counts = Object.entries(labels).map(([name, { wanted, accepted, surplus, rejected }]) => {
    const cells = [name, grouped(accepted), grouped(wanted), grouped(surplus), reasonCounts(rejected) || "0"];
    return cells.map((cell) => printable(cell));
  });
  const shown = lines.map(([name, value]) => [name, printable(value)] as const);
  return `${facts(shown)}${table(["label", "rows", "wanted", "surplus", "rejected"], counts)}`;
}
