// The table of metrics, from those that the report shows.
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { plain, table } from "./markdown.mjs";

const arrows = { higher: "↑", lower: "↓" };

/** @param dist  folder of the compiled package. */
export async function metricReference(dist) {
  const { metrics } = await import(pathToFileURL(join(dist, "evaluate/metrics.js")).href);
  const rows = metrics.map(({ name, group, better, what }) => {
    return [`${plain(name)} ${arrows[better] ?? ""}`.trim(), plain(group), plain(what)];
  });
  return `${table(["Metric", "About", "What it is"], rows)}\n`;
}
