// What `corrsynth status NAME --queue URL` prints of a queued run.

import { reasonCounts } from "../index.js";
import type { QueueStatus } from "../queue/index.js";
import { blocks } from "./progress.js";
import { duration, facts, grouped, printable, table } from "./terminal.js";

/** Workers that are listed one by one. */
const mostWorkers = 20;

/** Facts, a bar and counts for each label, the workers, and the jobs that failed for good. */
export function queueStatusText(name: string, status: QueueStatus): string {
  const { rows, wanted, jobs, secondsLeft, workers } = status;
  const share = wanted === 0 ? 100 : Math.floor((100 * rows) / wanted);
  const lines: [string, string][] = [
    ["run", name],
    ["state", status.state],
    ["rows", `${grouped(rows)} of ${grouped(wanted)}  ${blocks(rows, wanted)}  ${share} %`],
    ["groups", grouped(status.groups)],
    [
      "jobs",
      `${jobs.waiting} waiting, ${jobs.active} active, ${jobs.delayed} to be tried again, ${jobs.done} to be collected`,
    ],
    ["speed", `${grouped(status.tokensPerSecond)} tokens/s, ${status.rowsPerSecond.toFixed(1)} rows/s`],
    ["time left", secondsLeft === null ? "unknown" : duration(secondsLeft)],
    ["workers", grouped(workers.length)],
    ...(status.malformed === 0
      ? []
      : [["not counted", `${grouped(status.malformed)} entries that no worker wrote`] as [string, string]]),
    ["collected", status.collectedAt ?? "never: start corrsynth collect"],
  ];
  const labels = Object.entries(status.labels).map(([label, { wanted, accepted, surplus, rejected }]) =>
    [
      label,
      blocks(accepted, wanted),
      grouped(accepted),
      grouped(wanted),
      grouped(surplus),
      reasonCounts(rejected) || "0",
    ].map((cell) => printable(cell)),
  );
  const shown = lines.map(([fact, value]) => [fact, printable(value)] as const);
  return [
    facts(shown),
    table(["label", "", "rows", "wanted", "surplus", "rejected"], labels),
    ...(workers.length === 0 ? [] : [workersTable(workers)]),
    ...status.failures.map(({ first, count, reason }) => {
      return `${printable(`set aside: groups ${first} to ${first + count - 1}: ${reason.split("\n")[0]}`)}\n`;
    }),
  ].join("");
}

function workersTable(workers: QueueStatus["workers"]): string {
  const rows = workers
    .slice(0, mostWorkers)
    .map(({ host, pid, jobs, rows, tokensPerSecond, since }) =>
      [`${host} ${pid}`, grouped(jobs), grouped(rows), grouped(tokensPerSecond), since].map((cell) => printable(cell)),
    );
  const more = workers.length > mostWorkers ? `and ${workers.length - mostWorkers} more workers\n` : "";
  return `${table(["worker", "jobs", "rows", "tokens/s", "since"], rows)}${more}`;
}
