/** Whether the texts of a prompt, its placeholders and what fills them belong together. */

import { pathText } from "../checks/issues.js";
import { mostNamed, suggestion } from "../checks/nearest.js";
import type { ConfigIssue } from "../errors.js";
import type { Method } from "../methods/schema.js";
import { checkChat } from "./chat-checks.js";
import { givenPlaceholders, type PromptSpec } from "./prompt-spec.js";
import { checkRivals } from "./rival-checks.js";
import type { ParsedSpec } from "./schema.js";
import { type ParsedTemplate, parseTemplate, placeholders } from "./template.js";

/** The fields that a prompt needs, where they are sound. */
interface PromptFields extends Pick<Partial<ParsedSpec>, "labels" | "attributes" | "contexts" | "method" | "engine"> {
  readonly prompt: PromptSpec;
  readonly hasSeeds: boolean;
  readonly hasContexts: boolean;
}

const textFields = ["instruction", "answer", "system", "withoutContext"] as const;
const reserved = [...givenPlaceholders, "context", "text", "id"];

/**
 * Placeholders of a prompt beside {label} and {context}; undefined with unsound attributes, where an unknown one may well be
 * one of them.
 */
export function knownPlaceholders(
  prompt: Pick<PromptSpec, "verbalized"> | undefined,
  attributes: PromptFields["attributes"],
): readonly string[] | undefined {
  return (
    attributes && ["hint", "taboo", ...(prompt?.verbalized === undefined ? [] : ["texts"]), ...Object.keys(attributes)]
  );
}

/** What is wrong with the prompt and with the fields that fill it. */
export function checkPrompt(fields: PromptFields): ConfigIssue[] {
  const { prompt, attributes, method, hasSeeds, hasContexts } = fields;
  const parsed = textFields.flatMap((field) => {
    const text = prompt[field];
    return text === undefined ? [] : [{ field, ...parseTemplate(text) }];
  });
  const negative = method?.name === "cfg-prompt" ? parseTemplate(method.negative) : undefined;
  const own = new Set(
    parsed.filter(({ field }) => field !== "withoutContext").flatMap((text) => placeholders(text.segments)),
  );
  const known = knownPlaceholders(prompt, attributes);
  const used = new Set([...own, ...placeholders(negative?.segments ?? [])]);
  const issues = [
    ...(attributes ? Object.keys(attributes).flatMap(attributeProblem) : []),
    ...parsed.flatMap((text) => templateProblems(text, `prompt.${text.field}`, known)),
    ...(negative ? templateProblems(negative, "method.negative", known) : []),
    ...emptyPrompt(prompt, method),
    ...sameForAll(fields, own),
  ];
  const refuse = (path: string, message: string) => issues.push({ path, message });
  issues.push(...checkChat(prompt), ...checkRivals(fields));
  if (prompt.shots > 0 && !hasSeeds) {
    refuse(
      "seeds",
      `Expected seeds for ${prompt.shots} in-context examples per prompt: give a path, or set prompt.shots to 0`,
    );
  }
  if (used.has("context") && !hasContexts) {
    refuse("contexts", "Expected texts for the placeholder {context}: give a path, or leave the placeholder out");
  }
  if (!used.has("context") && hasContexts) {
    refuse(
      "contexts",
      "Expected none, since no text of the prompt has {context}: put the placeholder into the instruction",
    );
  }
  if (method?.name === "context-aware" && !used.has("context")) {
    refuse(
      "method",
      '"context-aware" contrasts a prompt with itself without its context: put {context} into prompt.instruction',
    );
  }
  return issues;
}

/** Why a placeholder cannot be called so. */
export function attributeProblem(name: string): ConfigIssue[] {
  const path = pathText(["attributes", name]);
  if (reserved.includes(name) || name === "__proto__") {
    return [{ path, message: `Expected another name: "${name}" has a meaning of its own` }];
  }
  if (/^[\p{L}_][\p{L}\p{N}_-]*$/u.test(name)) return [];
  return [{ path, message: "Expected a name of letters, digits, - and _, beginning with a letter" }];
}

/** What is wrong with a text of a prompt: its braces, and placeholders that nothing fills. */
export function templateProblems(
  { errors, segments }: ParsedTemplate,
  path: string,
  others: readonly string[] | undefined,
): ConfigIssue[] {
  const known = ["label", ...(path === "prompt.withoutContext" ? [] : ["context"]), ...(others ?? [])];
  const isKnown = new Set(known);
  const unknown = others === undefined ? [] : placeholders(segments).filter((name) => !isKnown.has(name));
  const listed = known.slice(0, 20).map((name) => `{${name}}`);
  const hint = ` (known: ${listed.join(", ")}${known.length > 20 ? ", …" : ""}; literal braces are {{ and }})`;
  const names = [...new Set(unknown)];
  const messages = names
    .slice(0, mostNamed)
    .map((name) => `Unknown placeholder {${name}}${suggestion(name, known)}${hint}`);
  if (names.length > messages.length) messages.push(`and ${names.length - messages.length} more unknown placeholders`);
  return [...errors, ...messages].map((message) => ({ path, message }));
}

// With examples there is always text. A placeholder is never blank, except {context} in a prompt without its context.
function emptyPrompt(prompt: PromptFields["prompt"], method: Method | undefined): ConfigIssue[] {
  if (prompt.shots > 0) return [];
  const isBlank = (text: string, contextIsBlank: boolean) =>
    parseTemplate(text).segments.every((part) =>
      "literal" in part ? part.literal.trim() === "" : contextIsBlank && part.placeholder === "context",
    );
  const answer = prompt.format === "raw" ? prompt.answer : "";
  if (isBlank(prompt.instruction + answer, false)) {
    return [{ path: "prompt.instruction", message: "Expected text, since the prompt would be empty without examples" }];
  }
  if (method?.name !== "context-aware" || !isBlank((prompt.withoutContext ?? prompt.instruction) + answer, true))
    return [];
  return [
    { path: "prompt.withoutContext", message: "Expected text, since the prompt without its context would be empty" },
  ];
}

// Without label, examples, contexts and values of its own, nothing tells a label from the others.
function sameForAll({ prompt, labels, ...fields }: PromptFields, used: ReadonlySet<string>): ConfigIssue[] {
  if (prompt.shots > 0 || used.has("label") || labels === undefined || labels.length < 2) return [];
  if (fields.hasContexts && fields.contexts?.perGroup !== true) return [];
  const { attributes = {} } = fields;
  if (Object.entries(attributes).some(([name, values]) => used.has(name) && !Array.isArray(values))) return [];
  const message = "Expected {label}, since without it and without examples every label gets the same prompt";
  return [{ path: "prompt.instruction", message }];
}
