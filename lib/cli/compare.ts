// corrsynth compare DIR... --gold FILE --out DIR: several datasets side by side, on equal numbers of rows.
import { basename, dirname, resolve } from "node:path";
import { Command } from "commander";
import { type Environment, exitCodes } from "./command.js";
import { evaluateDatasets, noteLines, reportLine, writeComparison } from "./evaluation-command.js";
import { addEvaluationOptions, type EvaluationOptions } from "./evaluation-options.js";
import { type Evaluated, scoreTable, yardstickTables } from "./score-table.js";

export function compareCommand(environment: Environment, exit: (code: number) => void): Command {
  const command = new Command("compare")
    .description("score several datasets side by side: OUT/comparison.json and OUT/report.html")
    .argument(
      "<datasets...>",
      "run directories, files of rows (CSV, TSV, JSON, Parquet, or .gz), or Hugging Face folders",
    )
    .requiredOption("--out <dir>", "directory to write to");
  return addEvaluationOptions(command).action(async (paths: string[], options: EvaluationOptions & { out: string }) => {
    await run(environment, paths, options);
    exit(exitCodes.done);
  });
}

async function run(environment: Environment, paths: readonly string[], options: EvaluationOptions & { out: string }) {
  const { stdout, stderr } = environment;
  const evaluated = withNames(await evaluateDatasets(environment, paths, options), paths);
  const { comparison, report } = await writeComparison(options.out, evaluated, options);
  stdout.write(
    options.json ? `${JSON.stringify(comparison, null, 2)}\n` : scoreTable(evaluated) + yardstickTables(evaluated),
  );
  stderr.write(`${noteLines(evaluated)}${reportLine(report)}`);
}

// Directories of one name are told apart by the folder above: a/run and b/run.
function withNames(evaluated: readonly Evaluated[], paths: readonly string[]): Evaluated[] {
  const names = evaluated.map(({ dataset }) => dataset.name);
  return evaluated.map(({ dataset, evaluation }, i) => {
    const isShared = names.filter((name) => name === dataset.name).length > 1;
    const folder = basename(dirname(resolve(paths[i]!)));
    return { dataset: isShared ? { ...dataset, name: `${folder}/${dataset.name}` } : dataset, evaluation };
  });
}
