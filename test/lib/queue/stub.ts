/** Workers without a model: their groups depend on nothing but their number, as an engine's do. */
import type { Maker } from "../../../lib/queue/job-processor.js";
import { type WorkOptions, workWith } from "../../../lib/queue/work.js";
import type { FinishedGroup } from "../../../lib/run/checkpoint.js";
import { labels } from "../helpers/demo.js";

/** One row for each of the demo's labels. */
export function stubGroup(group: number): FinishedGroup {
  const instances = Object.keys(labels).map((label, m) => ({
    id: `${group}.${m}`,
    text: `text ${m} of group ${group}`,
    label,
    group,
    repeat: 0,
    examples: [],
    tokens: 5,
    ending: "stop" as const,
    seed: 7,
  }));
  return { group, instances, labels: instances.map(() => ({ accepted: 1, surplus: 0, rejected: {} })) };
}

export const stubMaker: Maker = async ({ first, count }, _, onTokens) => {
  onTokens(20 * count);
  return Array.from({ length: count }, (_, i) => stubGroup(first + i));
};

/** A worker with this maker. */
export function stubWork(options: WorkOptions, make: Maker = stubMaker) {
  return workWith(options, async () => ({ make, attempts: 3 }));
}
