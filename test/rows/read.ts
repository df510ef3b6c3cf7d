/** Rows that real models wrote, marked by hand; test/rows/README.md says how. */
import { readdirSync, readFileSync } from "node:fs";
import type { Instance } from "../../lib/instance.js";
import { type FilterInput, resolveSpec } from "../../lib/task/spec.js";

export interface MarkedRow {
  readonly model: string;
  readonly task: string;
  readonly format: "raw" | "chat";
  readonly label: string;
  readonly text: string;
  readonly ending: Instance["ending"];
  readonly good: boolean;
  readonly defects: readonly string[];
}

/** All rows of this folder but those of `assistant.jsonl`. */
export function markedRows(): MarkedRow[] {
  const files = readdirSync(import.meta.dirname).filter(
    (name) => name.endsWith(".jsonl") && name !== "assistant.jsonl",
  );
  return files.flatMap((name) => readLines<MarkedRow>(name));
}

/** Texts that begin alike, of people and of assistants. */
export function assistantRows() {
  return readLines<{ text: string; good: boolean }>("assistant.jsonl");
}

function readLines<Row>(name: string): Row[] {
  const lines = readFileSync(new URL(name, import.meta.url), "utf8")
    .trim()
    .split("\n");
  return lines.map((line) => JSON.parse(line) as Row);
}

interface Task {
  readonly labels: Readonly<Record<string, string>>;
  readonly instruction: string;
  readonly answer: string;
}

const tasks = JSON.parse(readFileSync(new URL("tasks.json", import.meta.url), "utf8")) as Record<string, Task>;

/** The task that a row was written for, with other filters. */
export function taskOf({ task, format }: MarkedRow, filters: FilterInput) {
  const { labels, instruction, answer } = tasks[task]!;
  const prompt = { instruction, answer: format === "chat" ? "" : answer, format, shots: 0 };
  return resolveSpec({ labels, prompt, method: { name: "fewgen" }, count: 1, filters });
}

export function instanceOf({ text, label, ending }: MarkedRow): Instance {
  return { id: "0.0", text, label, group: 0, repeat: 0, examples: [], tokens: 12, ending, seed: 7 };
}
