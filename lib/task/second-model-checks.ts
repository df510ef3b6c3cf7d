/** Whether the second model that a method needs is there, and whether what its prompts have of their own is sound. */
import type { ConfigIssue } from "../errors.js";
import type { Method } from "../methods/schema.js";
import { secondPartner } from "../methods/second-partner.js";
import { checkChat } from "./chat-checks.js";
import { knownPlaceholders, templateProblems } from "./prompt-checks.js";
import type { ParsedSpec } from "./schema.js";
import type { SecondModelSpec } from "./second-model.js";
import { promptOfSecond } from "./second-prompt.js";
import { parseTemplate } from "./template.js";

type Fields = Partial<Pick<ParsedSpec, "amateur" | "guide" | "prompt" | "attributes">> & { readonly method: Method };

const roles = ["amateur", "guide"] as const;

const uses = {
  amateur: '"contrastive", or "amateur" in another method',
  guide: '"guided", or "guide" in another method',
};

/** @param fields  those that are sound. */
export function checkSecondModel(fields: Fields): ConfigIssue[] {
  const wanted = secondPartner(fields.method)?.role;
  return roles.flatMap((role): ConfigIssue[] => {
    const given = fields[role];
    if (given !== undefined && wanted !== role) {
      const message = `Expected none, since "${fields.method.name}" as given has no ${role}: use ${uses[role]}, or leave it out`;
      return [{ path: role, message }];
    }
    if (given === undefined) return [];
    return promptIssues(role, given, fields);
  });
}

/** Where a method has a second model that the task does not name; a field that is given and wrong is told by itself. */
export function missingSecondModel(method: Method, isGiven: (role: "amateur" | "guide") => boolean): ConfigIssue[] {
  const role = secondPartner(method)?.role;
  if (role === undefined || isGiven(role)) return [];
  return [
    { path: role, message: `Expected the model of "${method.name}": a path, an hf: URI or "demo", received none` },
  ];
}

function promptIssues(role: string, given: SecondModelSpec, { prompt, attributes }: Fields): ConfigIssue[] {
  const known = knownPlaceholders(prompt, attributes)?.filter((name) => name !== "taboo"); // of the task's own alone
  const texts = (["instruction", "answer", "system"] as const).flatMap((field) => {
    const text = given[field];
    return text === undefined ? [] : templateProblems(parseTemplate(text), `${role}.${field}`, known);
  });
  return [...texts, ...(prompt === undefined ? [] : asOf(role, checkChat(promptOfSecond(prompt, given))))];
}

/** Issues of a prompt, as those of the second model's field. */
export function asOf(role: string, issues: readonly ConfigIssue[]): ConfigIssue[] {
  const rename = (text: string) =>
    text.replace(/\bprompt\.(?=format|system|template|examples|instruction|answer)/g, `${role}.`);
  return issues.map(({ path, message }) => ({ path: rename(path), message: rename(message) }));
}
