// The fields of a task file, from the JSON Schema that is published with the package, whose descriptions are doc
// comments.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { code, plain, table } from "./markdown.mjs";

const json = (value) => code(JSON.stringify(value));

/** A doc comment: words with code in backticks among them. */
const prose = (text) =>
  text
    .split(/`([^`]+)`/)
    .map((piece, i) => (i % 2 === 1 ? code(piece) : plain(piece)))
    .join("");

function range({ minimum, maximum, exclusiveMinimum }) {
  const isLimit = (value) => value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  if (exclusiveMinimum !== undefined) {
    return isLimit(maximum) ? ` > ${exclusiveMinimum}, ≤ ${maximum}` : ` > ${exclusiveMinimum}`;
  }
  if (isLimit(minimum) && isLimit(maximum)) return ` ${minimum}–${maximum}`;
  return isLimit(minimum) ? ` ≥ ${minimum}` : isLimit(maximum) ? ` ≤ ${maximum}` : "";
}

/** The type of a schema, in words. */
function type(schema) {
  const either = schema.anyOf ?? schema.oneOf;
  if (either) return [...new Set(either.map(type))].join(" or ");
  if (schema.const !== undefined) return json(schema.const);
  if (schema.enum) return schema.enum.map(json).join(", ");
  if (schema.prefixItems) return `[${schema.prefixItems.map(type).join(", ")}]`;
  switch (schema.type) {
    case "integer":
    case "number":
      return schema.type + range(schema);
    case "string":
      return schema.pattern?.includes("\\d") ? "digits" : "text";
    case "array":
      return `list of ${type(schema.items)}`;
    case "object": {
      if (schema.properties) return `{ ${Object.keys(schema.properties).join(", ")} }`;
      return `name → ${type(schema.additionalProperties)}`;
    }
    default:
      return schema.type === undefined ? "any" : String(schema.type);
  }
}

const isObject = (value) => typeof value === "object" && value !== null;

// Of a field with several forms, the one that has fields of its own.
function fieldsOf(schema) {
  return schema.properties ?? schema.anyOf?.find(({ properties }) => properties)?.properties;
}

function row(name, schema, isRequired) {
  // the default of a part is that of its fields
  const shown = schema.default !== undefined && !(isObject(schema.default) && fieldsOf(schema));
  const given = isRequired ? "required" : shown ? json(schema.default) : "–";
  return [code(name), shownType(schema), given, prose(schema.description ?? "–")];
}

const shownType = (schema) =>
  type(schema)
    .replaceAll("|", "\\|")
    .replace(/[{}]/g, (c) => `&#${c.charCodeAt(0)};`);

function part(name, schema) {
  const isForm = schema.properties === undefined;
  const form = isForm ? schema.anyOf.find(({ properties }) => properties) : schema;
  const required = form.required ?? [];
  const rows = Object.entries(form.properties).map(([field, inner]) =>
    row(`${name}.${field}`, inner, required.includes(field)),
  );
  const head = [`### ${name}`];
  if (schema.description) head.push(prose(schema.description));
  return [...head, table(["Field", "Type", "Default", "Meaning"], rows)].join("\n\n");
}

/** A field that has one of several forms, told apart by a constant: a table for each. */
function forms(name, schema) {
  const tables = schema.oneOf.map(({ properties, required = [] }) => {
    const rows = Object.entries(properties).map(([field, inner]) =>
      row(`${name}.${field}`, inner, required.includes(field)),
    );
    return table(["Field", "Type", "Default", "Meaning"], rows);
  });
  return [`### ${name}`, prose(schema.description ?? ""), "One of these:", ...tables].join("\n\n");
}

/** Methods share their fields, so the fields are listed once, and for each method those that it has. */
function methods(schema) {
  const fields = new Map();
  const rows = schema.oneOf.map(({ properties, required }) => {
    const { name, ...rest } = properties;
    const own = Object.entries(rest).map(([field, inner]) => {
      if (!fields.has(field)) fields.set(field, inner);
      const given = inner.default !== undefined ? json(inner.default) : required.includes(field) ? "required" : "–";
      return `${code(field)} ${given}`;
    });
    return [code(name.const), own.join(", ")];
  });
  const described = [...fields].map(([field, inner]) => [
    code(`method.${field}`),
    field === "match" ? "any method with one total contrast" : shownType(inner),
    prose(inner.description ?? "–"),
  ]);
  return [
    "### method",
    "One of these, with its fields and their defaults:",
    table(["`method.name`", "Fields"], rows),
    table(["Field", "Type", "Meaning"], described),
  ].join("\n\n");
}

/** @param dist  folder of the compiled package. */
export function taskReference(dist) {
  const { properties, required } = JSON.parse(readFileSync(join(dist, "task.schema.json"), "utf8"));
  const { $schema: _, ...fields } = properties;
  const anchor = (name) => `[${code(name)}](#${name})`;
  const hasForms = (name) => fields[name].oneOf?.every(({ properties }) => properties) === true;
  const isPart = (name) => hasForms(name) || fieldsOf(fields[name]) !== undefined;
  const overview = Object.entries(fields).map(([name, schema]) => {
    const cells = row(name, schema, required.includes(name));
    return isPart(name) ? [anchor(name), "see below", cells[2], cells[3]] : cells;
  });
  const parts = Object.entries(fields)
    .filter(([name]) => isPart(name))
    .map(([name, schema]) => {
      if (name === "method") return methods(schema);
      return hasForms(name) ? forms(name, schema) : part(name, schema);
    });
  return `${[table(["Field", "Type", "Default", "Meaning"], overview), ...parts].join("\n\n")}\n`;
}
