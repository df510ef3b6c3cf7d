// Task files as `corrsynth init` writes them: commented YAML, in the order in which people read it.

/** Which model a task is written for. */
export interface Target {
  /** "demo", an hf: URI, or a path from the task file's folder. */
  readonly teacher: string;
  /** As the model suggests: "chat" where it has a template. */
  readonly format: "raw" | "chat";
}

/** What differs from task to task. */
export interface TaskParts extends Target {
  /** After "corrsynth task: ". */
  readonly title: string;
  /** In order: name in the data, phrase that {label} stands for. */
  readonly labels: readonly (readonly [name: string, phrase: string])[];
  /** Where names, phrases and instruction are from; a sentence. */
  readonly wording: string;
  readonly instruction: string;
  /** What the answer begins with in raw text, where a block has to show where its text begins. */
  readonly answer: string;
  readonly shots: number;
  /** Between the blocks of raw text; default a blank line. */
  readonly separator?: string;
  /** What follows the path of the seeds, a comment. */
  readonly seedsNote: string;
  readonly method: string;
  /** Lines of YAML, with their comment; default none. */
  readonly check?: string;
  readonly count: number;
  readonly maxTokens: number;
  readonly maxTokensNote: string;
  readonly stop: readonly string[];
  /** Who decides that a text is over; default as the library has it. */
  readonly ends?: "contrasted";
}

/** The file. */
export function taskYaml(parts: TaskParts): string {
  const { title, teacher, labels, wording, format, seedsNote, method, check, count, maxTokens, maxTokensNote } = parts;
  return `# corrsynth task: ${title}
# What it costs: corrsynth plan FILE      What it looks like: corrsynth preview FILE
# Then:          corrsynth run FILE --out DIR

# Path of a GGUF model, from this file's folder; or hf:owner/repo/file.gguf of the Hugging Face Hub.
teacher: ${scalar(teacher)}

# Name in the data: phrase that {label} stands for. ${wording}
labels:
${labelLines(labels)}
prompt:
  instruction: ${folded(parts.instruction)}
${promptLines(parts)}
# In-context examples, one JSON object a line: {"text": "...", "label": "..."}.${seedsNote === "" ? "" : ` ${seedsNote}`}
seeds: seeds.jsonl

${method}
${check === undefined ? "" : `\n${check}\n`}
# Accepted rows over all labels.
count: ${count}

sampling:
  topP: 0.9                # the paper's
  plausibility: 1.0e-3     # the paper's alpha (eqs. 14, 15)
${endsLine(parts.ends)}  maxTokens: ${String(maxTokens).padEnd(13)} # ${maxTokensNote}
${stopLine(parts.stop, format)}  seed: 7
`;
}

// A mapping; a list of pairs where a mapping would lose its order, since JavaScript puts whole numbers first.
function labelLines(labels: TaskParts["labels"]): string {
  const isList = labels.some(([name]) => /^\d+$/.test(name));
  return labels
    .map(([name, phrase]) =>
      isList ? `  - [${JSON.stringify(name)}, ${JSON.stringify(phrase)}]\n` : `  ${scalar(name)}: ${scalar(phrase)}\n`,
    )
    .join("");
}

function promptLines({ answer, format, shots, separator }: TaskParts): string {
  const lines =
    format === "chat"
      ? ["format: chat             # the model's own chat template; examples are turns of user and assistant"]
      : [`answer: ${scalar(answer)}`];
  lines.push(`shots: ${shots}                 # in-context examples per prompt`);
  if (separator !== undefined && format === "raw") lines.push(`separator: ${JSON.stringify(separator)}`);
  return lines.map((line) => `  ${line}\n`).join("");
}

function endsLine(ends: TaskParts["ends"]): string {
  if (ends === undefined) return "";
  return `  ends: ${ends}         # the paper's; with kept the teacher alone decides when a text is over\n`;
}

function stopLine(stop: readonly string[], format: TaskParts["format"]): string {
  if (stop.length === 0) return "";
  const why = format === "raw" ? "a base model would go on with a block of its own" : "one text and no more";
  return `  stop: ${JSON.stringify(stop).padEnd(18)} # ${why}\n`;
}

/** A text as a value or key: plain where YAML reads it as this very text, else in double quotes, which JSON's rules fit. */
export function scalar(text: string): string {
  const isPlain = /^[\p{L}/.~][\p{L}\p{N} _/.,'()&+-]*$/u.test(text) && !/[ ]$/.test(text);
  const isKeyword = /^(true|false|null|yes|no|on|off|y|n|~|\.inf|\.nan)$/i.test(text);
  return isPlain && !isKeyword ? text : JSON.stringify(text);
}

// A folded block of lines up to 110 characters, which YAML joins with spaces; "hf: x" and "# x" in it mean nothing.
function folded(text: string): string {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length > 105) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return `>-\n${lines.map((line) => `    ${line}`).join("\n")}`;
}
