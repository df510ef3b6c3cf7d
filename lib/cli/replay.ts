// corrsynth replay RUN ID: makes one row of a run again, and shows what the contrast did to each of its tokens.
import { Command } from "commander";
import { NotReproducibleError, type Replay, type ReplayedText } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { modelSource } from "./fetch-model.js";
import { integerFrom } from "./options.js";
import { counted, printable, strengthFacts } from "./terminal.js";
import { traceText } from "./trace-text.js";

interface Options {
  readonly withoutContrast: boolean;
  readonly trace: boolean;
  readonly likely?: number;
  readonly teacher?: string;
  readonly seeds?: string;
  readonly contexts?: string;
  readonly json: boolean;
}

export function replayCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("replay")
    .description(
      "make one row of a run again, token by token, a rejected one too, and show what the contrast did to it",
    )
    .argument("<dir>", "run directory, or one of rounds")
    .argument("<id>", "id of the row, such as 12.3: group and row; of rounds 1:12.3")
    .option("--without-contrast", "beside it the row of the same prompt and random numbers without contrast", false)
    .option("--trace", "what the contrast did to each token", false)
    .option(
      "--likely <n>",
      "with --trace: name the n most likely tokens by either distribution, 0 to 100",
      integerFrom(0),
    )
    .option("--teacher <model>", "where the run's model is now: a path or hf: URI (default: where it was)")
    .option("--seeds <file>", "where the run's seeds are now (default: where they were)")
    .option("--contexts <file>", "where the run's contexts are now (default: where they were)")
    .option("--json", "all of it as JSON", false)
    .action(async (path: string, id: string, options: Options) => {
      await replay(environment, path, id, options);
      exit(exitCodes.done);
    });
}

async function replay(environment: Environment, path: string, id: string, options: Options): Promise<void> {
  const { library, stdout, stderr, signal } = environment;
  const { json, teacher, likely, ...rest } = options;
  const model = teacher === undefined ? undefined : await modelSource(environment, teacher, "auto");
  const found = await library.replayRow(path, id, {
    ...rest,
    likely: likely ?? (json ? 3 : 0),
    teacher: model,
    signal,
  });
  stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : text(found));
  if (found.isSame !== false) return void stderr.write(doubtLines(found));
  throw new NotReproducibleError([{ path: `row ${id}`, message: unlike(found) }]);
}

/** A replay for a terminal: nothing of it moves the cursor. */
function text(found: Replay): string {
  const { id, label, method, strength, stored, decision, withoutContrast } = found;
  const indent = (lines: string) => `    ${printable(lines, { keepNewlines: true }).replaceAll("\n", "\n    ")}\n`;
  const block = ({ text, kept, trace }: ReplayedText, title: string) =>
    `${printable(title)}\n${indent(text)}` +
    (kept === null || kept === text ? "" : `  of which the filters left\n${indent(kept)}`) +
    (trace === null ? "" : `\n${traceText(trace, found.partners)}`);
  const parts = [
    `${printable(`Row ${id}, ${label}, ${method}: ${standing(found)}`)}\n`,
    ...(strength === null ? [] : strengthFacts(strength).map(([name, value]) => `  ${name}: ${value}\n`)),
    indent(found.prompt),
    block(found, `  ⇒ ${facts(found)}${sameness(found)}`),
  ];
  if (found.isSame === false && stored !== null) parts.push(`  in the run\n${indent(stored.text)}`);
  if (decision !== null) parts.push(`${printable(`  Reviewed by a person: ${decided(decision)}`)}\n`);
  if (withoutContrast !== null)
    parts.push("\n", block(withoutContrast, `  without contrast: ${facts(withoutContrast)}`));
  return parts.join("");
}

function facts({ tokens, ending, reason }: ReplayedText): string {
  return [counted(tokens, "token"), ending, ...(reason === null ? [] : [`refused as ${reason}`])].join(", ");
}

function standing({ stored }: Replay): string {
  if (stored === null) return "the run kept nothing of it (surplus, or rejected)";
  const { reason, takenFor } = stored;
  if (reason === undefined) return "accepted";
  return `rejected as ${reason}${takenFor === undefined ? "" : `, taken for ${takenFor}`}`;
}

function sameness({ isSame }: Replay): string {
  if (isSame === null) return "";
  return isSame ? ", the same as in the run" : ", NOT THE SAME as in the run";
}

function decided({ rejected, label, text }: NonNullable<Replay["decision"]>): string {
  if (rejected) return "rejected";
  return [...(label === null ? [] : [`of label ${label}`]), ...(text === null ? [] : [`"${text}"`])].join(", ");
}

function doubtLines({ isSame, doubts }: Replay): string {
  if (isSame === true) return "";
  return doubts.map((doubt) => `note: ${printable(doubt)}\n`).join("");
}

function unlike({ doubts }: Replay): string {
  const why = doubts.length > 0 ? doubts.join(". ") : "Everything that it was made of is the same: please report it";
  return `Expected the row as the run made it, received another text: what is shown is not that row. ${why}`;
}
