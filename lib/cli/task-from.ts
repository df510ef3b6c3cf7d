// A whole task from people's labelled texts: labels, instruction, stop and limits as the texts suggest.
import { tokenize } from "../evaluate/index.js";
import { kindOf, percentile } from "./seed-kinds.js";
import { type Target, taskYaml } from "./task-yaml.js";
import { verbalize } from "./verbalize.js";

/** A labelled text of a file. */
export interface Example {
  readonly text: string;
  readonly label: string;
}

/** Tokens of texts, as a model counts them; without one, as they are for most. */
export type CountTokens = (texts: readonly string[]) => Promise<readonly number[]>;

const rowsPerLabel = 100;
/** Seeds of each label from which the task has its labels checked by a classifier of them. Ours: measured with 20 and 50. */
const seedsForCheck = 10;
/** Tokens for each word or punctuation mark that a tokeniser of language models makes, rather more than fewer. */
const tokensPerWord = 1.5;
/** Above the 99th percentile, so that a text as long as the longest seeds can end. */
const headroom = 1.15;

/**
 * @param source  the file that the examples are from, for the title.
 * @param options.method  lines of YAML, with their comment.
 * @param options.kind  what one of the texts is; guessed from the texts where it is not said.
 */
export async function taskFrom(
  source: string,
  examples: readonly Example[],
  options: {
    readonly target: Target;
    readonly method: string;
    readonly kind?: string | undefined;
    readonly countTokens?: CountTokens | undefined;
  },
): Promise<string> {
  const { target, method, countTokens = guessTokens } = options;
  const texts = examples.map(({ text }) => text);
  const names = [...new Set(examples.map(({ label }) => label))];
  const labels = verbalize(names);
  const { instruction, answer } = kindOf(
    texts,
    labels.map(([, phrase]) => phrase),
    options.kind,
  );
  const longest = percentile(await countTokens(texts), 0.99);
  return taskYaml({
    ...target,
    title: `texts like those of ${source}`,
    wording: "The phrases are made from the names: write what the model is to write about.",
    labels,
    instruction,
    answer,
    shots: 3,
    seedsNote: `${examples.length} of ${source}.`,
    ...(names.length === 1 ? { method: alone } : { method, check: checkLines(examples, names) }),
    count: rowsPerLabel * labels.length,
    maxTokens: Math.max(16, 8 * Math.ceil((headroom * longest) / 8)),
    maxTokensNote: `the seeds' 99th percentile is ${Math.ceil(longest)}${options.countTokens === undefined ? ", guessed from their words" : ""}`,
    stop: stopOf(texts, target.format, instruction),
  });
}

const guessTokens: CountTokens = async (texts) => texts.map((text) => tokensPerWord * tokenize(text).length);

const alone = `# One label has no others to be contrasted with, or taken for.
method: { name: fewgen }`;

function checkLines(examples: readonly Example[], names: readonly string[]): string {
  const enough = names.every((name) => examples.filter(({ label }) => label === name).length >= seedsForCheck);
  if (names.length > 1 && enough) {
    return `# A classifier of the seeds has to agree with the label of each row: fewer rows pass, and more of them are right.
check: { by: student }`;
  }
  return `# With some ${seedsForCheck} seeds of each label a classifier of them can check the labels of the rows:
# check: { by: student }`;
}

// Where the texts have line breaks, what ends one is less: in raw text a block begins with the instruction.
function stopOf(texts: readonly string[], format: Target["format"], instruction: string): string[] {
  const few = 0.02 * texts.length;
  const withBreak = texts.filter((text) => /\n/.test(text.trim())).length;
  const withBlank = texts.filter((text) => /\n\s*\n/.test(text.trim())).length;
  if (withBreak <= few) return ["\n"];
  if (format === "chat") return [];
  return withBlank <= few ? ["\n\n"] : [`\n\n${instruction.split("{")[0]!.trimEnd()}`];
}
