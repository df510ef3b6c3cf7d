// corrsynth evaluate DIR|FILE --gold FILE: the metrics of one dataset, as a table, as JSON and as a report.
import { Command } from "commander";
import { invalidField } from "../errors.js";
import { type Environment, exitCodes } from "./command.js";
import { evaluateDatasets, noteLines, reportLine, writeEvaluation } from "./evaluation-command.js";
import { addEvaluationOptions, type EvaluationOptions } from "./evaluation-options.js";
import { labelCheckTable, scoreTable, yardstickTables } from "./score-table.js";

export function evaluateCommand(environment: Environment, exit: (code: number) => void): Command {
  const command = new Command("evaluate")
    .description("score a dataset beside gold rows: DIR/evaluation.json and DIR/report.html")
    .argument("<dataset>", "run directory, a file of rows (CSV, TSV, JSON, Parquet, or .gz), or a Hugging Face folder")
    .option("--out <dir>", "directory to write to; default the run directory");
  return addEvaluationOptions(command).action(async (path: string, options: EvaluationOptions & { out?: string }) => {
    await run(environment, path, options);
    exit(exitCodes.done);
  });
}

async function run(
  environment: Environment,
  path: string,
  options: EvaluationOptions & { out?: string },
): Promise<void> {
  const { stdout, stderr } = environment;
  const evaluated = await evaluateDatasets(environment, [path], options, ({ directory }) => {
    if (options.out ?? directory) return;
    const message = "Expected a directory to write to, since a file has none of its own: name one with --out DIR";
    throw invalidField(path, message);
  });
  const { dataset, evaluation } = evaluated[0]!;
  const { labelCheck } = dataset;
  const figures = labelCheck === undefined ? evaluation : { ...evaluation, labelCheck };
  const report = await writeEvaluation(
    options.out ?? dataset.directory!,
    evaluated,
    ["evaluation.json", figures],
    options,
  );
  const tables = [scoreTable(evaluated), yardstickTables(evaluated), labelCheckTable(dataset)];
  stdout.write(options.json ? `${JSON.stringify(figures, null, 2)}\n` : tables.join(""));
  stderr.write(`${noteLines(evaluated)}${reportLine(report)}`);
}
