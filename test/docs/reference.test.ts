// The pages that are written from the program hold all of it.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { exitCodes } from "../../lib/cli/command.js";
import { errorCodes } from "../../lib/errors.js";
import { metrics } from "../../lib/evaluate/metrics.js";

const root = resolve(import.meta.dirname, "../..");
const dist = join(root, "dist");

async function script<Exports>(name: string): Promise<Exports> {
  return (await import(pathToFileURL(join(root, "scripts/docs", name)).href)) as Exports;
}

it("the command line's has every command, option and exit code", async () => {
  const { cliReference, commands } = await script<{
    cliReference(dist: string): Promise<string>;
    commands(dist: string): Promise<Command[]>;
  }>("cli-reference.mjs");
  const page = await cliReference(dist);
  const all = await commands(dist);
  expect(all.map((command) => command.name())).toEqual(expect.arrayContaining(["demo", "run", "export", "doctor"]));
  for (const command of all) {
    const section = page.split(`\n## ${command.name()}\n`)[1]?.split("\n## ")[0] ?? "";
    for (const { flags } of command.options) expect(section).toContain(`| \`${flags}\` |`);
    for (const argument of command.registeredArguments) expect(section).toContain(`| \`${argument.name()}`);
  }
  for (const code of Object.values(exitCodes)) expect(page).toContain(`| \`${code}\` |`);
});

it("the errors' has every code, with the exit code that it ends with", async () => {
  const { errorReference } = await script<{ errorReference(dist: string): Promise<string> }>("error-reference.mjs");
  const rows = (await errorReference(dist)).split("\n");
  for (const code of Object.keys(errorCodes))
    expect(rows.filter((row) => row.startsWith(`| \`${code}\` |`))).toHaveLength(1);
  const exits: [code: string, exit: number][] = [
    ["CORRSYNTH_INVALID_CONFIG", 2],
    ["CORRSYNTH_QUOTA_NOT_MET", 3],
    ["CORRSYNTH_ENGINE", 1],
  ];
  for (const [code, exit] of exits) expect(rows.find((row) => row.includes(code))).toContain(` | ${exit} | `);
});

it("the task's has every field of the schema", async () => {
  const { taskReference } = await script<{ taskReference(dist: string): string }>("task-reference.mjs");
  const page = taskReference(dist);
  interface Schema {
    readonly properties?: Record<string, Schema>;
    readonly anyOf?: readonly Schema[];
    readonly oneOf?: readonly Schema[];
  }
  const schema = JSON.parse(readFileSync(join(dist, "task.schema.json"), "utf8")) as Required<Schema>;
  for (const [name, field] of Object.entries(schema.properties)) {
    if (name === "$schema") continue;
    expect(page).toContain(`\`${name}\``);
    const forms = [field, ...(field.anyOf ?? []), ...(field.oneOf ?? [])];
    for (const inner of forms.flatMap(({ properties = {} }) => Object.keys(properties))) {
      expect(page).toContain(`\`${name}.${inner}\``);
    }
  }
});

it("the metrics' has every metric of the report", async () => {
  const { metricReference } = await script<{ metricReference(dist: string): Promise<string> }>("metric-reference.mjs");
  const page = await metricReference(dist);
  for (const { name, what } of metrics) {
    expect(page).toContain(`| ${name}`);
    expect(page).toContain(what.split(/[.;:(]/)[0]!);
  }
});

it("the API's is written from everything that the package exports", () => {
  const read = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8")) as unknown;
  const { exports } = read("package.json") as { exports: Record<string, string | { types: string }> };
  const { entryPoints } = read("typedoc.json") as { entryPoints: string[] };
  const declarations = Object.values(exports).flatMap((target) => (typeof target === "string" ? [] : [target.types]));
  const sources = declarations.map((file) => file.replace("./dist/", "lib/").replace(/\.d\.ts$/, ".ts"));
  expect([...entryPoints].sort()).toEqual(sources.sort());
});
