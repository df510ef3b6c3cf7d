/** Texts with placeholders: `{label}` stands for a value, `{{` and `}}` for literal braces. */

import { mostNamed } from "../checks/nearest.js";

/** A stretch of a template: literal text, or the name of a placeholder. */
export type Segment = { readonly literal: string } | { readonly placeholder: string };

/** A template taken apart, with what is wrong in it (lone braces, each with its position). */
export interface ParsedTemplate {
  readonly segments: readonly Segment[];
  readonly errors: readonly string[];
}

const token = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Splits a template at its placeholders. Never throws; `errors` says what a person must change. */
export function parseTemplate(text: string): ParsedTemplate {
  const segments: Segment[] = [];
  const lone: { readonly brace: string; readonly position: number }[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > end) segments.push({ literal: text.slice(end, match.index) });
    end = match.index + match[0].length;
    if (match[1] !== undefined) segments.push({ placeholder: match[1].normalize("NFC") });
    else if (match[0].length === 2) segments.push({ literal: match[0].slice(1) });
    else lone.push({ brace: match[0], position: match.index + 1 });
  }
  if (end < text.length) segments.push({ literal: text.slice(end) });
  const errors = lone.slice(0, mostNamed).map(({ brace, position }) => {
    const expected = `a placeholder in braces or "${brace}${brace}" for a literal brace`;
    return `Expected ${expected}, received a lone "${brace}" at character ${position}`;
  });
  if (lone.length > errors.length) errors.push(`and ${lone.length - errors.length} more lone braces`);
  return { segments, errors };
}

/** Names of the placeholders of a parsed template, in order, repeated as they are. */
export function placeholders(segments: readonly Segment[]): string[] {
  return segments.flatMap((segment) => ("placeholder" in segment ? [segment.placeholder] : []));
}

/**
 * The text with its placeholders filled in; what a value holds is not read as a template again. A name without a value
 * becomes nothing.
 */
export function fillTemplate(segments: readonly Segment[], values: ReadonlyMap<string, string>): string {
  return segments.map((part) => ("literal" in part ? part.literal : (values.get(part.placeholder) ?? ""))).join("");
}
