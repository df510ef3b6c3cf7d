import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { checkTask } from "../../lib/index.js";
import { cli } from "./environment.js";

let folder: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-seeds-"));
  out = join(folder, "seeds.jsonl");
});
afterEach(() => rm(folder, { recursive: true }));

async function file(name: string, content: string): Promise<string> {
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const train =
  'body;topic\nShares fall on fears of war;0\nShares  fall on fears of war;0\n"Cup final &amp; fans";1\nRain;1\n;1\n';

describe("corrsynth seeds", () => {
  it("goes from a file of other columns to seeds and the labels of a task that takes them", async () => {
    const path = await file("train.csv", train);
    const test = await file("test.csv", "body,id\nRAIN!,1\n");
    const columns = ["--text-column", "body", "--label-column", "topic", "--names", "business_news,sports"];
    const { code, stdout, stderr } = await cli(["seeds", path, ...columns, "--exclude", test, "--clean", "--out", out]);
    expect([code, stderr]).toEqual([
      0,
      `2 seeds of 2 labels in ${out}\nLeft out: 1 blank, 1 repeated, 1 like a row to exclude\n` +
        'Fewer than 50 of 2 labels: "business_news" 1, "sports" 1\nHTML was taken off 1 seed\n',
    ]);
    expect(await readFile(out, "utf8")).toBe(
      '{"text":"Shares fall on fears of war","label":"business_news"}\n{"text":"Cup final & fans","label":"sports"}\n',
    );
    expect(stdout).toBe(`labels:\n  business_news: business news\n  sports: sports\nseeds: ${out}\n`);
    const task = `teacher: demo\n${stdout}prompt: { instruction: "News on {label}", shots: 1 }\ncount: 2\n`;
    await checkTask((await readTaskFile(await file("task.yaml", task))).spec);
  });

  it("joins several files, and prints names that YAML would take for something else in quotes", async () => {
    const one = await file("a.jsonl", '{"text":"small grey bird","label":true}\n');
    const two = await file("b.json", '[{"text":"tall tree","label":5},{"text":"deep lake","label":"on: off"}]');
    const { stdout } = await cli(["seeds", one, two, "--per-label", "1", "--out", out]);
    expect(stdout).toBe(`labels:\n  "5": "5"\n  "on: off": on off\n  "true": "true"\nseeds: ${out}\n`);
  });

  it("refuses wrong input, and a file that is there without --force", async () => {
    const path = await file("train.csv", train);
    const columns = ["--text-column", "body", "--label-column", "topic"];
    const cases: [args: string[], message: string][] = [
      [
        [path],
        'train.csv:1: Expected columns "text" and "label", the columns are "body", "topic": name other columns with --text-column and',
      ],
      [
        [path, ...columns, "--names", "a"],
        'train.csv:4: Expected a class number 0 to 0 in "topic" ("a" to "a"), received "1"',
      ],
      [[path, ...columns, "--exclude", join(folder, "none.csv")], "none.csv: Expected a readable file (ENOENT"],
      [[path, ...columns, "--names", "a,,b"], "Expected names with commas between them"],
      [[path, ...columns, "--per-label", "0"], "Expected an integer from 1"],
      [
        [path, ...columns, "--exclude", path],
        `like a row to exclude. Give rows that ${path} has not, or leave --exclude out`,
      ],
    ];
    for (const [args, message] of cases) {
      const { code, stderr } = await cli(["seeds", ...args, "--out", out]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
    await writeFile(out, "mine");
    expect(await cli(["seeds", path, ...columns, "--out", out])).toMatchObject({
      ...{ code: 2, stderr: expect.stringContaining("overwrite it with --force") as unknown },
    });
    expect(await readFile(out, "utf8")).toBe("mine");
    expect((await cli(["seeds", path, ...columns, "--out", out, "--force"])).code).toBe(0);
  });
});

describe("a task whose seeds are a folder", () => {
  it("runs, and knows in its manifest what the folder's split held", async () => {
    await mkdir(join(folder, "hub/data"), { recursive: true });
    await file("hub/data/train-00000-of-00002.csv", "text,label\na,animal\n");
    await file("hub/data/train-00001-of-00002.csv", "text,label\nb,plant\n");
    await file("hub/data/test-00000-of-00001.csv", "text,label\nc,none\n");
    const task = await file(
      "task.yaml",
      'teacher: demo\nlabels: [animal, plant]\nprompt: { instruction: "{label}" }\nseeds: hub\ncount: 2\n',
    );
    const { code, stderr } = await cli(["run", task, "--out", join(folder, "run"), "--progress", "none"]);
    expect([code, stderr]).toEqual([0, expect.stringContaining("2 rows in")]);
    const { inputs } = JSON.parse(await readFile(join(folder, "run/manifest.json"), "utf8")) as { inputs: object };
    const held = createHash("sha256").update("text,label\na,animal\ntext,label\nb,plant\n").digest("hex");
    expect(inputs).toEqual({ seeds: held });
  });
});

describe("a task whose seeds are wrong", () => {
  it("is refused before its model is loaded, equal rows as one fault", async () => {
    const wrong = '{"text":"t","label":"plnat"}\n'.repeat(50);
    const seeds = `{"text":"t","label":"animal"}\n${wrong}`;
    await file("seeds.jsonl", seeds);
    const task = await file(
      "task.yaml",
      'teacher: demo\nlabels: [animal, plant]\nprompt: { instruction: "{label}" }\nseeds: seeds.jsonl\ncount: 2\n',
    );
    for (const command of [
      ["plan", task],
      ["preview", task],
      ["run", task, "--out", join(folder, "run")],
    ]) {
      const { code, stderr, calls } = await cli(command);
      expect([code, calls]).toEqual([2, []]);
      expect(stderr).toContain(
        'seeds.jsonl:2: Unknown label "plnat", did you mean "plant"? (50 times, also at 3, 4, 5, 6, …)',
      );
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    }
  });
});
