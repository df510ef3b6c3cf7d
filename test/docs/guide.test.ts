// What the guide shows besides programs: tasks that are sound, commands that exist, and the first dataset, made for real.
import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ArmInput } from "../../lib/arena/arm.js";
import { resolvedArms } from "../../lib/arena/arms.js";
import { resolveDevice } from "../../lib/engine/device.js";
import { resolveSpec } from "../../lib/task/spec.js";

const root = resolve(import.meta.dirname, "../..");
const dist = join(root, "dist");
const pages = ["README.md", ...readdirSync(join(root, "docs/guide")).map((file) => `docs/guide/${file}`)];

/** Blocks of one language over all pages, each under its page. */
function blocks(language: string): { page: string; text: string }[] {
  return pages.flatMap((page) => {
    const found = readFileSync(join(root, page), "utf8").matchAll(
      new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"),
    );
    return [...found].map((block) => ({ page, text: block[1]! }));
  });
}

/** The arguments of each `npx corrsynth` line of a block, comments left out. */
function commandLines(text: string): string[][] {
  const lines = text.split("\n").map((line) => line.replace(/\s+#.*$/, ""));
  return lines.flatMap((line) => {
    const [, rest] = /^npx corrsynth (.*)$/.exec(line) ?? [];
    return rest === undefined ? [] : [rest.trim().split(/\s+/)];
  });
}

describe("tasks", () => {
  // What a part of a task stands in.
  const whole = { labels: ["a", "b"], prompt: { instruction: "About {label}", shots: 0 }, count: 2 };

  it.each(blocks("yaml").map(({ page, text }, i) => ({ name: `${page}, block ${i}`, text })))(
    "$name is sound",
    ({ text }) => {
      const value = parse(text) as Record<string, unknown> | ArmInput[];
      if (Array.isArray(value)) {
        expect(resolvedArms(value, whole).arms.length).toBeGreaterThan(0);
        return;
      }
      const { teacher: _, device, ...fields } = value;
      expect(resolveSpec({ ...whole, ...fields }).labels.length).toBeGreaterThan(0);
      if (device !== undefined) expect(resolveDevice(device).device).toBeDefined();
    },
  );
});

describe("commands", async () => {
  const { commands } = (await import(pathToFileURL(join(root, "scripts/docs/cli-reference.mjs")).href)) as {
    commands(dist: string): Promise<Command[]>;
  };
  const known = new Map((await commands(dist)).map((command) => [command.name(), command]));
  const lines = blocks("sh").flatMap(({ text }) => commandLines(text));

  it("are shown", () => expect(lines.length).toBeGreaterThan(10));
  it.each(lines.map((args) => ({ line: args.join(" "), args })))("corrsynth $line can be given", ({ args }) => {
    const command = known.get(args[0]!);
    expect(command?.name()).toBe(args[0]);
    const { operands, unknown } = command!.parseOptions(args.slice(1));
    expect(unknown).toEqual([]);
    const parameters = command!.registeredArguments;
    expect(operands.length).toBeGreaterThanOrEqual(parameters.filter(({ required }) => required).length);
    if (!parameters.some(({ variadic }) => variadic)) expect(operands.length).toBeLessThanOrEqual(parameters.length);
    for (const option of command!.options.filter(({ mandatory }) => mandatory)) {
      expect(command!.getOptionValue(option.attributeName()), option.flags).toBeDefined();
    }
  });
});

it("makes the first dataset with the commands that it shows", async () => {
  const text = blocks("sh").find(({ page }) => page === "docs/guide/index.md")!.text;
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-guide-"));
  try {
    for (const args of commandLines(text)) {
      await promisify(execFile)(process.execPath, [join(dist, "cli/main.js"), ...args], {
        cwd: folder,
        timeout: 100_000,
      });
    }
    const rows = (await readFile(join(folder, "run/data.jsonl"), "utf8")).trim().split("\n");
    expect(rows).toHaveLength(100);
    expect(existsSync(join(folder, "run/report.html"))).toBe(true);
    expect((await readFile(join(folder, "data.csv"), "utf8")).trim().split("\r\n")).toHaveLength(101);
  } finally {
    await rm(folder, { recursive: true });
  }
});

describe("the README says of real teachers what the results say", () => {
  const cellsOf = (line: string) => line.split("|").map((cell) => cell.trim().replaceAll("**", ""));
  const results = readFileSync(join(root, "docs/results/labels.md"), "utf8");
  const table = results.split("\n## ").find((part) => part.startsWith("TREC, 6 labels, SmolLM2-135M"))!;
  const lines = table.split("\n").map(cellsOf);
  const said = readFileSync(join(root, "README.md"), "utf8").split("\n").map(cellsOf);

  it.each([
    ["FewGen", "FewGen", "none"],
    ["the paper's Hybrid (0.5 / 0.1)", "Hybrid .5/.1, the paper's", "none"],
    ["Cross 0.5 without heat, the default", "Cross 0.5, no heat", "none"],
    ["the same, checked by a classifier of the seeds, which `init` asks for", "Cross 0.5, no heat", "student, words"],
  ])("%s", (name, method, check) => {
    const first = lines.findIndex((cells) => cells[1] === method);
    const of = lines.findIndex((cells, i) => i >= first && cells[2] === check);
    const [, , , , , fidelity, alone, gain, both, gainOfBoth] = lines[of]!;
    const mean = (cell: string) => Number(cell.split(" ")[0]);
    const [, , right, ...rest] = said.find((cells) => cells[1] === name)!;
    expect(right).toBe(`${Math.round(mean(fidelity!))} %`);
    const gains = (cell: string) => (cell === "–" ? "" : cell);
    expect(rest.slice(0, 4)).toEqual([`${mean(alone!)}`, gains(gain!), `${mean(both!)}`, gains(gainOfBoth!)]);
  });
  it("the seeds alone", () => {
    const [, seeds] = /^The seeds alone: ([\d.]+)/m.exec(table)!;
    expect(said.find((cells) => cells[1] === "nothing: the seeds alone")![5]).toBe(seeds);
  });
});
