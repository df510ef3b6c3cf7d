/** From zod's findings to one line a field: what was expected, what came, and the nearest known name. */
import type { z } from "zod";
import type { ConfigIssue } from "../errors.js";
import { mostNamed, shorten, show, suggestion, unknownNames } from "./nearest.js";

type RawIssue = z.core.$ZodRawIssue;
type Issue = z.core.$ZodIssue;

/** Checks a value; every message is in our words. Issues have `path` before their own path. */
export function parseWith<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  path: readonly PropertyKey[] = [],
): { data: z.output<Schema> } | { issues: ConfigIssue[] } {
  const result = schema.safeParse(value, { error: message });
  if (result.success) return { data: result.data };
  return { issues: result.error.issues.flatMap((issue) => configIssues(issue, path)) };
}

/** For `error` of a schema: says what was expected where zod's finding cannot. */
export function expected(what: string): (issue: RawIssue) => string {
  return ({ input }) => `Expected ${what}, received ${show(input)}`;
}

/** `sampling.stop[2]`, `labels["a b"]` */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const name = String(key);
    if (!/^[\p{L}\p{N}_$-]+$/u.test(name)) return `${text}[${JSON.stringify(name)}]`;
    return text === "" ? name : `${text}.${name}`;
  }, "");
}

/** The same issues, each once: one that comes again, at the same place in the same words, with how often. */
export function eachOnce(issues: readonly ConfigIssue[]): ConfigIssue[] {
  const counts = new Map<string, { issue: ConfigIssue; count: number }>();
  for (const issue of issues) {
    const key = `${issue.path}\n${issue.message}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { issue, count: 1 });
    else known.count++;
  }
  return [...counts.values()].map(({ issue: { path, message }, count }) => {
    return { path, message: count === 1 ? message : `${message} (${count} times)` };
  });
}

// Of a union, the findings of the one branch whose type fits say more than "no branch fits".
function configIssues(issue: Issue, prefix: readonly PropertyKey[]): ConfigIssue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "invalid_union") {
    const fitting = issue.errors.filter((branch) => !branch.some(isTypeMismatch));
    if (fitting.length === 1) return (fitting[0] ?? []).flatMap((inner) => configIssues(inner, path));
  }
  return [{ path: pathText(path), message: issue.message }];
}

function isTypeMismatch({ code, path }: Issue): boolean {
  return path.length === 0 && (code === "invalid_type" || code === "invalid_value" || code === "invalid_union");
}

const typeNames: Record<string, string> = {
  number: "a finite number",
  int: "an integer",
  string: "a text",
  boolean: "true or false",
  array: "a list",
  tuple: "a pair",
  object: "an object",
  map: "an object",
  function: "a function",
};

function message(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type": {
      const isInteger = defOf(issue).format === "safeint";
      const type = isInteger ? "an integer" : (typeNames[issue.expected] ?? issue.expected);
      if (issue.input === undefined) return `Expected ${type}, but it is missing`;
      return `Expected ${type}, received ${show(issue.input)}${remedy(issue.expected, issue)}`;
    }
    case "too_small":
      return sizeMessage(
        issue.origin,
        issue.inclusive === false ? "more than" : "at least",
        issue.minimum,
        issue.input,
      );
    case "too_big":
      return sizeMessage(issue.origin, issue.inclusive === false ? "less than" : "at most", issue.maximum, issue.input);
    case "invalid_value": {
      const values = issue.values.map((value) => JSON.stringify(value)).join(" or ");
      return `Expected ${values}, received ${show(issue.input)}`;
    }
    case "unrecognized_keys": {
      const { shape = {} } = defOf(issue);
      const told = unknownNames("field", issue.keys.slice(0, mostNamed), Object.keys(shape));
      if (issue.keys.length > told.length) told.push(`and ${issue.keys.length - told.length} more that are unknown`);
      return told.join("; ");
    }
    case "invalid_union":
      return issue.discriminator === undefined ? undefined : unknownKind(issue.discriminator, issue);
    default:
      return undefined;
  }
}

// What was likely meant where another type came.
function remedy(type: string, issue: RawIssue): string {
  const { input } = issue;
  if (input === null) return ": give it a value, or leave the field out";
  if (typeof input !== "string") return "";
  if (type === "array") return `: write [${JSON.stringify(shorten(input))}]`;
  if ((type === "number" || type === "int") && input.trim() !== "" && Number.isFinite(Number(input)))
    return ": write it without quotation marks";
  if (type === "boolean" && /^(true|yes|on)$/i.test(input)) return ": write true";
  if (type === "boolean" && /^(false|no|off)$/i.test(input)) return ": write false";
  const { discriminator, shape = {} } = defOf(issue);
  if (discriminator !== undefined)
    return `: write { ${discriminator}: ${shorten(input)} }, with its settings beside it`;
  const names = Object.keys(shape);
  if (type !== "object" || names.length === 0) return "";
  return ` (its fields: ${names.slice(0, 5).join(", ")}${names.length > 5 ? ", …" : ""})`;
}

// The definition of the schema that found the issue: the fields of an object, the format of a number, the
// field that tells the kinds of a union apart.
function defOf(issue: RawIssue): Definition {
  return (issue.inst as { _zod?: { def?: Definition } } | undefined)?._zod?.def ?? {};
}

interface Definition {
  readonly shape?: object;
  readonly format?: string;
  readonly discriminator?: string;
}

function sizeMessage(origin: string, bound: string, limit: number | bigint, input: unknown): string {
  if (origin === "string") {
    const received = (input as string).length === 0 ? "an empty text" : `${(input as string).length}`;
    return `Expected ${bound} ${limit} character${limit === 1 ? "" : "s"}, received ${received}`;
  }
  if (origin === "array") {
    return `Expected ${bound} ${limit} entr${limit === 1 ? "y" : "ies"}, received ${(input as unknown[]).length}`;
  }
  return `Expected ${bound} ${limit}, received ${show(input)}`;
}

function unknownKind(discriminator: string, issue: RawIssue & { options?: unknown }): string {
  const { [discriminator]: received, ...others } = issue.input as Record<string, unknown>;
  const options = (Array.isArray(issue.options) ? issue.options : []).map(String);
  if (typeof received === "string") return `Unknown name "${received}"${suggestion(received, options)}`;
  const listed = `Expected one of ${options.map((name) => `"${name}"`).join(", ")}, received ${show(received)}`;
  // { type: hybrid }, or { hybrid: { … } }
  const meant = Object.entries(others)
    .flat()
    .find((text) => options.includes(String(text)));
  return meant === undefined ? listed : `${listed}: write { ${discriminator}: ${meant} }, with its settings beside it`;
}
