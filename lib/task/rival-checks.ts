/** Whether what a prompt has of the rivals for diversity ({hint}, {taboo}, verbalized sampling) fits the rest of a task. */
import type { ConfigIssue } from "../errors.js";
import type { Method } from "../methods/schema.js";
import { type PromptSpec, usesPlaceholder } from "./prompt-spec.js";
import type { ParsedSpec } from "./schema.js";
import { parseTemplate, placeholders } from "./template.js";

interface RivalFields {
  readonly prompt: PromptSpec;
  readonly method?: Method | undefined;
  readonly engine?: ParsedSpec["engine"] | undefined;
  readonly hasSeeds: boolean;
}

/** What does not. */
export function checkRivals(fields: RivalFields): ConfigIssue[] {
  const { prompt, hasSeeds } = fields;
  const issues = [...checkTaboo(fields), ...checkVerbalized(fields)];
  if (usesPlaceholder(fields, "hint") && !hasSeeds) {
    const message = "Expected seeds for the placeholder {hint}, a word of one of them: give a path, or leave it out";
    if (prompt.shots === 0) issues.push({ path: "seeds", message }); // else it is told that examples need them
  }
  return issues;
}

function checkTaboo(fields: RivalFields): ConfigIssue[] {
  const { taboo } = fields.prompt;
  const { errors, segments } = parseTemplate(taboo?.text ?? "{words}");
  const issues = errors.map((message) => ({ path: "prompt.taboo.text", message }));
  const refuse = (path: string, message: string) => issues.push({ path, message });
  const names = placeholders(segments);
  if (errors.length === 0 && (names.length === 0 || names.some((name) => name !== "words"))) {
    const received = names.length === 0 ? "none" : names.map((name) => `{${name}}`).join(", ");
    refuse("prompt.taboo.text", `Expected the placeholder {words} and no other, received ${received}`);
  }
  if (!usesPlaceholder(fields, "taboo")) {
    const message = "Expected none, since no text of the prompt has {taboo}: put the placeholder into the instruction";
    if (taboo !== undefined) refuse("prompt.taboo", message);
    return issues;
  }
  const { groups = "auto", promptReuse = 1 } = fields.engine ?? {};
  const since = "since the words of a group come from the rows accepted before it";
  if (groups !== "auto" && groups > 1) refuse("engine.groups", `Expected 1 with {taboo}, ${since}, received ${groups}`);
  if (promptReuse !== 1) refuse("engine.promptReuse", `Expected 1 with {taboo}, ${since}, received ${promptReuse}`);
  return issues;
}

function checkVerbalized({ prompt }: RivalFields): ConfigIssue[] {
  if (prompt.verbalized === undefined || prompt.shots === 0) return [];
  const message =
    `Expected 0 with prompt.verbalized, received ${prompt.shots}: an example is one text, and shows nothing of several ` +
    "with their probabilities";
  return [{ path: "prompt.shots", message }];
}
