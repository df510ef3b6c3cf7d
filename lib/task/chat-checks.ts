/** Whether the fields of a prompt that only a chat has are there for one, and are sound. */

import { pathText } from "../checks/issues.js";
import { show } from "../checks/nearest.js";
import type { ConfigIssue } from "../errors.js";
import type { PromptSpec } from "./prompt-spec.js";
import { parseTemplate } from "./template.js";

const reserved = ["messages", "add_generation_prompt", "bos_token", "eos_token", "fixed_date", "strftime_now"];
const mostJson = 100_000;
const deepest = 20;

/** What is wrong with them. */
export function checkChat(prompt: PromptSpec): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  const refuse = (path: string, message: string) => issues.push({ path, message });
  if (prompt.format === "raw") {
    const only = 'Expected none with format "raw": use format "chat"';
    if (prompt.system !== undefined) refuse("prompt.system", `${only}, or put it into "instruction"`);
    if (prompt.templateArguments !== undefined) refuse("prompt.templateArguments", `${only}, or leave them out`);
    if (prompt.template !== undefined) refuse("prompt.template", `${only}, or leave it out`);
    if (prompt.examples === "turns") {
      refuse("prompt.examples", 'Expected "text" with format "raw", received "turns": use format "chat" for turns');
    }
    return issues;
  }
  const isBlank = parseTemplate(prompt.instruction).segments.every(
    (part) => "literal" in part && part.literal.trim() === "",
  );
  if (prompt.examples !== "text" && prompt.shots > 0 && isBlank) {
    refuse("prompt.instruction", "Expected text, since it is what the user says in each turn of the examples");
  }
  return [...issues, ...checkArguments(prompt.templateArguments ?? {})];
}

function checkArguments(given: Readonly<Record<string, unknown>>): ConfigIssue[] {
  const issues = Object.entries(given).flatMap(([name, value]): ConfigIssue[] => {
    const path = pathText(["prompt", "templateArguments", name]);
    if (!/^[A-Za-z_]\w*$/.test(name)) return [{ path, message: "Expected a name of letters, digits and _" }];
    if (reserved.includes(name))
      return [{ path, message: `Expected another name: "${name}" is given by corrsynth itself` }];
    if (isJson(value, deepest)) return [];
    return [{ path, message: `Expected a JSON value, nested ${deepest} deep at most, received ${show(value)}` }];
  });
  if (issues.length > 0 || JSON.stringify(given).length <= mostJson) return issues;
  return [
    { path: "prompt.templateArguments", message: `Expected at most ${mostJson} characters of JSON, received more` },
  ];
}

function isJson(value: unknown, depth: number): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (depth === 0 || typeof value !== "object") return false;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value).every((inner) => isJson(inner, depth - 1));
}
