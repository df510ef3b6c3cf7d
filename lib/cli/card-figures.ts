// What `evaluate` left in a run directory, as the figures of a dataset card.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Evaluation } from "../evaluate/index.js";
import { metrics, print } from "../evaluate/index.js";
import { type CardFigure, readInput } from "../io.js";

const longest = 2 ** 28;

/** The figures, or none and why not; neither where the run was not evaluated. */
export interface CardFigures {
  readonly figures: readonly CardFigure[];
  readonly note?: string;
}

/**
 * Reads `evaluation.json` of a run.
 * @param rows  rows of the run: figures of another number of rows are not those of this dataset.
 */
export async function readCardFigures(directory: string, rows: number): Promise<CardFigures> {
  const path = join(directory, "evaluation.json");
  try {
    const content = await readInput(path, longest);
    if (content === undefined) throw new RangeError(`it has more than ${longest} bytes`);
    const evaluation = JSON.parse(content.toString("utf8")) as Evaluation;
    const evaluated = evaluation.rows.n + evaluation.rows.blank;
    if (evaluated !== rows) {
      const note = `The card is without figures: evaluation.json is of ${evaluated} rows, the run has ${rows}; evaluate it again`;
      return { figures: [], note };
    }
    if (await isNewer(join(directory, "review.jsonl"), path)) {
      const note =
        "The card is without figures: rows were reviewed since evaluation.json was written; evaluate it again";
      return { figures: [], note };
    }
    return { figures: metrics.flatMap((metric) => figureOf(metric, evaluation)) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { figures: [] };
    const note = `The card is without figures: ${path} is not as evaluate writes it (${(error as Error).message})`;
    return { figures: [], note };
  }
}

async function isNewer(path: string, than: string): Promise<boolean> {
  const [changed, written] = await Promise.all([path, than].map((one) => stat(one).catch(() => undefined)));
  return changed !== undefined && written !== undefined && changed.mtimeMs > written.mtimeMs;
}

function figureOf(metric: (typeof metrics)[number], evaluation: Evaluation): CardFigure[] {
  const { value, n } = metric.of(evaluation);
  if (value === null) return [];
  const text = (number: number) => `${print(metric, number)}${metric.unit === "" ? "" : ` ${metric.unit}`}`;
  const gold = metric.gold?.(evaluation).value ?? null;
  const way = metric.better === null ? "" : metric.better === "lower" ? " ↓" : " ↑";
  const beside = gold === null ? "" : `; gold has ${text(gold)}`;
  return [{ name: metric.name + way, value: text(value), of: `${n} rows${beside}` }];
}
