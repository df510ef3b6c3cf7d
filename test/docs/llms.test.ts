// What assistants and programs are told is made from the guide and the commands, and holds all of them.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { expect, it } from "vitest";
import { parse } from "yaml";

const root = resolve(import.meta.dirname, "../..");
const docs = join(root, "docs");
const dist = join(root, "dist");
const load = (name: string) => import(pathToFileURL(join(root, "scripts/docs", name)).href);
const { llmsText, pages, skill } = (await load("llms.mjs")) as {
  llmsText(docs: string, base: string): string;
  pages(docs: string): { path: string; title: string; note: string; text: string }[];
  skill(docs: string, dist: string): Promise<string>;
};
const { commands } = (await load("cli-reference.mjs")) as { commands(dist: string): Promise<Command[]> };

it("llms.txt has every page of the guide, with its title and what it is about", () => {
  const text = llmsText(docs, "/base/");
  expect(text).toMatch(
    /^# corrsynth\n\n> corrsynth has a language model write .*\n\n## Guide\n\n- \[First dataset\]\(/,
  );
  const links = [...text.matchAll(/^- \[(.+?)\]\((.+?)\): (.+)$/gm)];
  expect(links.length).toBe(text.split("\n").filter((line) => line.startsWith("- ")).length);
  const listed = links.map(([, , path]) => path);
  for (const file of readdirSync(join(docs, "guide")))
    expect(listed.filter((path) => path === `/base/guide/${file}`)).toHaveLength(1);
  for (const path of listed) {
    expect(existsSync(join(docs, path!.slice("/base/".length).replace("results/index", "results/README")))).toBe(true);
  }
  for (const [, , , note] of links) expect(note).toMatch(/^(?!```).*(?<! al)[.?]$/);
  expect(text).toContain("\n- [Tasks](/base/guide/tasks.md): ");
});

it("its pages have what they include in them", () => {
  for (const { path, title, text } of pages(docs)) {
    expect(title, path).not.toBe("");
    expect(text, path).not.toContain("@include");
  }
});

it("SKILL.md has the front matter of a skill, every command, and the blocks of the guide", async () => {
  const text = await skill(docs, dist);
  const [, front, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(text)!;
  const { name, description, ...others } = parse(front!) as Record<string, string>;
  expect([name, others]).toEqual(["corrsynth", {}]);
  expect(description!.length).toBeLessThanOrEqual(1024);
  for (const command of await commands(dist)) expect(body).toContain(`\n- \`${command.name()}\`: `);
  const blocks = readFileSync(join(docs, "guide/index.md"), "utf8").match(/```[\s\S]*?```/g)!;
  for (const block of blocks) expect(body).toContain(block);
  expect(body).not.toMatch(/\]\(/); // what links lead to is not there
});

it("the table of JSON has every command that prints it, and no other", async () => {
  const page = readFileSync(join(docs, "guide/programs.md"), "utf8");
  const rows = [...page.matchAll(/^\| `([a-z]+)` \|/gm)].map((match) => match[1]);
  const all = await commands(dist);
  expect(rows).toEqual([...new Set(rows)]);
  expect([...rows].sort()).toEqual(
    all
      .filter(({ options }) => options.some(({ long }) => long === "--json"))
      .map((command) => command.name())
      .sort(),
  );
  // these print no figures: files, pages, a path, the schema itself
  const without = all.map((command) => command.name()).filter((name) => !rows.includes(name));
  expect(without).toEqual(["init", "review", "schema", "build"]);
});
