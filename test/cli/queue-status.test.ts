import { expect, it } from "vitest";
import { queueStatusText } from "../../lib/cli/queue-status.js";
import type { QueueStatus } from "../../lib/queue/index.js";

const status: QueueStatus = {
  state: "collecting",
  rows: 30,
  wanted: 40,
  labels: {
    animal: { wanted: 20, accepted: 20, surplus: 2, rejected: {} },
    "pl\u001b[2Jant": { wanted: 20, accepted: 10, surplus: 0, rejected: { duplicate: 3, empty: 1 } },
  },
  groups: 11,
  workers: [
    {
      id: "a",
      pid: 7,
      host: "node\u001b[31m1",
      since: "2026-01-01T00:00:00.000Z",
      jobs: 4,
      rows: 1234,
      tokensPerSecond: 5000.4,
    },
  ],
  tokensPerSecond: 5000.4,
  rowsPerSecond: 2.5,
  secondsLeft: 4,
  jobs: { waiting: 3, active: 1, delayed: 0, done: 2 },
  failures: [{ first: 8, count: 2, reason: "bad\u001b[2J\nstack" }],
  malformed: 0,
  collectedAt: null,
};

it("shows a queued run: a bar, labels, workers, speed, time left and what was set aside, harmlessly", () => {
  const text = queueStatusText("news", status);
  for (const line of [
    "run        news",
    "rows       30 of 40  ███████████████░░░░░  75 %",
    "jobs       3 waiting, 1 active, 0 to be tried again, 2 to be collected",
    "speed      5,000 tokens/s, 2.5 rows/s",
    "time left  0:04",
    "collected  never: start corrsynth collect",
    "set aside: groups 8 to 9: bad\\u{1b}[2J",
  ]) {
    expect(text.split("\n")).toContain(line);
  }
  expect(text).toMatch(/^animal +█{20} +20 +20 +2 +0$/m);
  expect(text).toMatch(/^pl\\u\{1b\}\[2Jant +█{10}░{10} +10 +20 +0 +3 duplicate, 1 empty$/m);
  expect(text).toMatch(/^node\\u\{1b\}\[31m1 7 +4 +1,234 +5,000 +2026-01-01T00:00:00.000Z$/m);
  expect(text).not.toContain("\u001b");
});
