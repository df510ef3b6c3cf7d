// Every example of the README, the guide and the doc comments runs: in a process of its own, against the built package, two at a time.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { hasRedis, needsRedis, RedisServer } from "../lib/queue/redis.js";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, ".cmake/examples"); // inside the package, so that it can import itself by name
mkdirSync(folder, { recursive: true });

// What the examples of doc comments take as given; those of the README and the guide stand alone.
const given = `import { writeFile } from "node:fs/promises";
import { cross, loadTeacher, plan, synthesize, synthesizeRounds, synthesizeShard, synthesizeTo, versions } from "corrsynth";
import { checkRunDirectory, escapeFormula, exportRun, JsonlWriter, mergeRuns, readJournal, readJsonl, readRun, readStudentFile, roundsStatus,
  readTable, replaceFile, runStatus, splitRows, unescapeFormula } from "corrsynth/io";
import { sampleStep } from "corrsynth/testing";
import { distinctN, selfBleu, tokenize } from "corrsynth/evaluate";
const spec = { labels: ["a plant", "an animal"], prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
  count: 4, sampling: { maxTokens: 48, stop: ["\\n"], seed: 7 }, engine: { threads: 1 } };
`;
const givenTeacher = `await using teacher = await loadTeacher("demo");\n`;

/** The server of examples that have a queue, as they name it. */
const queue = '"redis://localhost"';
let redis: RedisServer | undefined;
afterAll(() => redis?.[Symbol.asyncDispose]());

async function withQueue(code: string): Promise<string> {
  if (!code.includes(queue)) return code;
  redis ??= await RedisServer.start();
  return code.replaceAll(queue, JSON.stringify(redis.url));
}

/** Runs a program in an empty directory of its own, which asks no model hub; what it prints. */
async function run(name: string, source: string): Promise<string> {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const file = join(folder, `${name}.mjs`);
  writeFileSync(file, outputText);
  const cwd = mkdtempSync(join(tmpdir(), "corrsynth-example-"));
  try {
    const env = { ...process.env, HF_HUB_OFFLINE: "1" };
    return (await promisify(execFile)(process.execPath, [file], { cwd, env, timeout: 100_000 })).stdout;
  } finally {
    rmSync(cwd, { recursive: true });
  }
}

function docExamples(): { name: string; code: string }[] {
  const files = readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" }).filter((f) => f.endsWith(".ts"));
  return files.flatMap((file) => {
    const text = readFileSync(join(root, "lib", file), "utf8");
    const blocks = [...text.matchAll(/@example\n((?: *\*(?! @)(?!\/).*\n)+)/g)];
    return blocks.map((block, i) => ({
      name: `${file.replace(/\W+/g, "-")}-${i}`,
      code: block[1]!.replace(/^ *\* ?/gm, "").replace(/^```\w*$/gm, ""),
    }));
  });
}

/** The TypeScript blocks of a Markdown file. */
function blocksOf(file: string): { name: string; code: string }[] {
  const blocks = readFileSync(join(root, file), "utf8").matchAll(/```ts\n([\s\S]*?)```/g);
  const name = file.replace(/\.md$/, "").replace(/\W+/g, "-").toLowerCase();
  return [...blocks].map((block, i) => ({ name: `${name}-${i}`, code: block[1]! }));
}

const guide = readdirSync(join(root, "docs/guide")).filter((file) => file.endsWith(".md"));

describe.each([
  { what: "the README", files: ["README.md"] },
  { what: "the guide", files: guide.map((file) => `docs/guide/${file}`) },
])("$what", ({ files }) => {
  const blocks = files.flatMap(blocksOf);

  it("has an example", () => expect(blocks.length).toBeGreaterThan(0));
  it.concurrent.each(blocks)("$name runs and prints", async ({ name, code }) => {
    expect((await run(name, code)).trim()).not.toBe("");
  });
});

async function runExample({ name, code }: { readonly name: string; readonly code: string }): Promise<void> {
  const own = await withQueue(code);
  const needsTeacher = /\bteacher\b/.test(code) && !code.includes("await using teacher");
  await run(name, given + (needsTeacher ? givenTeacher : "") + own);
}

describe("examples in doc comments", () => {
  const examples = docExamples();

  it("exist", () => expect(examples.length).toBeGreaterThan(3));
  const hasQueue = ({ code }: { readonly code: string }) => code.includes(queue);
  it.concurrent.each(examples.filter((example) => !hasQueue(example)))("$name runs", runExample);
  it.skipIf(!hasRedis).each(examples.filter(hasQueue))(`$name runs${needsRedis}`, runExample);
});
