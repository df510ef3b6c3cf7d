// A whole task from people's own file, and presets whose label names the file spells in its own way.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { presetLabel, presets } from "../../lib/cli/presets.js";
import { kindOf } from "../../lib/cli/seed-kinds.js";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { taskYaml } from "../../lib/cli/task-yaml.js";
import { verbalize } from "../../lib/cli/verbalize.js";
import { checkTask, loadTeacher } from "../../lib/index.js";
import { cli } from "./environment.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-init-from-"));
});
afterEach(() => rm(folder, { recursive: true }));

const questions = [
  ["where is my new card", "card_arrival"],
  ["has my card been sent?", "card_arrival"],
  ["how do I change my PIN?", "change_pin"],
  ["can I choose another PIN?", "change_pin"],
] as const;

async function csv(rows: readonly (readonly [string, string])[], header = "text,label"): Promise<string> {
  const path = join(folder, "train.csv");
  await writeFile(
    path,
    `${header}\n${rows.map((row) => row.map((field) => JSON.stringify(field)).join(",")).join("\n")}\n`,
  );
  return path;
}

test("init --from writes labels, instruction, stop, limit and seeds", async () => {
  const from = await csv(questions, "query,intent");
  const file = join(folder, "task.yaml");
  const columns = ["--text-column", "query", "--label-column", "intent"];
  const { code, stderr } = await cli(["init", file, "--from", from, ...columns]);
  expect([code, stderr]).toEqual([
    0,
    expect.stringMatching(/4 seeds of 2 labels.*\n[\s\S]*Put your model's path into/),
  ]);
  const { spec } = await checkTask((await readTaskFile(file)).spec);
  expect(spec).toMatchObject({
    labels: [
      { name: "card_arrival", verbalization: "card arrival" },
      { name: "change_pin", verbalization: "change pin" },
    ],
    prompt: {
      instruction: "Write one short question about {label}. Only the question.",
      answer: "Question:",
      shots: 3,
      format: "raw",
    },
    count: [100, 100],
    sampling: { maxTokens: 16, stop: ["\n"] },
  });
  const seeds = (await readFile(join(folder, "seeds.jsonl"), "utf8")).trim().split("\n");
  expect(seeds.map((line) => JSON.parse(line).label)).toEqual([
    "card_arrival",
    "card_arrival",
    "change_pin",
    "change_pin",
  ]);
  const again = await cli(["init", file, "--from", from, ...columns]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining("--force") });
});

test("init --model counts the model's own tokens and writes its format", async () => {
  const long = questions.map(([text, label]) => [`${text} ${"please tell me soon ".repeat(8)}`, label] as const);
  const from = await csv(long);
  await using teacher = await loadTeacher("demo");
  const tokens = await teacher.countTokens(long.map(([text]) => text.trim()));
  const file = join(folder, "task.yaml");
  const { code } = await cli(["init", file, "--from", from, "--model", "demo"], { library: { loadTeacher } });
  expect(code).toBe(0);
  const task = await readTaskFile(file);
  expect(task.teacher).toBe("demo");
  const { spec } = await checkTask(task.spec);
  expect(spec.sampling.maxTokens).toBe(8 * Math.ceil((1.15 * Math.max(...tokens)) / 8));
  expect(spec.prompt.format).toBe("raw");
});

test("init --from of one label writes a task that runs: nothing to be contrasted with, or taken for", async () => {
  const rows = ["Cup final goes to penalties", "Champions lose at home", "Keeper saves the draw"];
  const from = await csv(rows.map((text) => [text, "sports"] as const));
  const file = join(folder, "task.yaml");
  expect((await cli(["init", file, "--from", from])).code).toBe(0);
  const { method, check } = (await checkTask((await readTaskFile(file)).spec)).spec;
  expect([method.name, check]).toEqual(["fewgen", undefined]);
});

test("init --preset --from gives the file's labels the public names, or refuses those it does not know", async () => {
  const rows = [
    ["Oil rises", "business"],
    ["Cup final", "2"],
    ["A new chip", "sci_tech"],
    ["Peace talks", "WORLD"],
  ] as const;
  const file = join(folder, "task.yaml");
  await writeFile(
    join(folder, "rows.jsonl"),
    rows.map(([text, label]) => `${JSON.stringify({ text, label })}\n`).join(""),
  );
  expect((await cli(["init", file, "--preset", "ag-news", "--from", join(folder, "rows.jsonl")])).code).toBe(0);
  const seeds = (await readFile(join(folder, "seeds.jsonl"), "utf8"))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(new Map(seeds.map(({ text, label }) => [text, label]))).toEqual(
    new Map([
      ["Peace talks", "World"],
      ["Oil rises", "Business"],
      ["Cup final", "Business"],
      ["A new chip", "Sci/Tech"],
    ]),
  );
  const other = await cli(["init", file, "--preset", "trec", "--from", join(folder, "rows.jsonl"), "--force"]);
  expect(other).toMatchObject({ code: 2, stderr: expect.stringMatching(/Expected labels of the preset \(ABBR, ENTY/) });
});

test("init --from says which labels it renames, and which look misspelt", async () => {
  const reviews = (label: string, count: number): [string, string][] =>
    Array.from({ length: count }, (_, i) => [`${label} review number ${i} of a film`, label]);
  const file = join(folder, "task.yaml");
  const from = await csv([...reviews("positive", 12), ...reviews("negative", 12), ...reviews("positiv", 1)]);
  const own = await cli(["init", file, "--from", from]);
  expect(own.stderr).toContain('1 row has the label "positiv", did you mean "positive"? It is a label of its own\n');
  expect(own.stderr).not.toContain('"negative"?');
  await csv([...reviews("positive", 2), ...reviews("negative", 2)]);
  const preset = await cli(["init", file, "--preset", "sentiment", "--from", from, "--force"]);
  expect(preset.stderr).toContain('names of the public data set: "positive" is "pos", "negative" is "neg"; gold needs');
});

test("usual spellings of public label names", () => {
  const table: [preset: keyof typeof presets, names: string[], label: string | undefined][] = [
    ["ag-news", ["Sci/Tech", "sci_tech", "sci-tech", "SciTech", "Science and Technology", "3"], "Sci/Tech"],
    ["ag-news", ["world", "WORLD", "0"], "World"],
    ["trec", ["HUM", "human", "3"], "HUM"],
    ["trec", ["number", "numeric", "NUM"], "NUM"],
    ["sentiment", ["negative", "Neg", "0"], "neg"],
    ["imdb", ["positive", "pos", "1"], "pos"],
    ["toi-headlines", ["lifestyle", "life-style"], "life-style"],
    ["banking77", ["refund not showing up", "Refund_not_showing_up"], "Refund_not_showing_up"],
    ["ag-news", ["politics", "7", ""], undefined],
  ];
  for (const [preset, names, label] of table) {
    for (const name of names) expect([name, presetLabel(presets[preset], name)]).toEqual([name, label]);
  }
});

test("phrases are made from names, each its own", () => {
  const phrases = (...names: string[]) => verbalize(names).map(([, phrase]) => phrase);
  expect(phrases("cardArrival", "life-style", "rec.sport.hockey", "ATM_support", "USA")).toEqual([
    "card arrival",
    "life style",
    "rec sport hockey",
    "ATM support",
    "USA",
  ]);
  expect(phrases("neg", "pos")).toEqual(["negative", "positive"]);
  expect(phrases("1", "2", "3", "4", "5")).toEqual(["1 star", "2 stars", "3 stars", "4 stars", "5 stars"]);
  expect(phrases("0", "1")).toEqual(["0", "1"]);
  expect(phrases("a_b", "a-b")).toEqual(["a b", "a-b"]);
});

test("what the texts are is seen from them", () => {
  const sentence = "The council voted on Tuesday to close the old bridge for repairs.";
  const table: [texts: string[], labels: string[], answer: string, instruction: string][] = [
    [
      ["what is a fjord", "who was Cleopatra"],
      ["place", "person"],
      "Question:",
      "Write one short question about {label}.",
    ],
    [
      ["I loved this film, great plot.", "The movie was dull."],
      ["positive", "negative"],
      "Review:",
      "Write a {label} movie review, of one",
    ],
    [
      ["I loved this book, every chapter.", "The hotel was dull, and the food cold."],
      ["positive", "negative"],
      "Review:",
      "Write a {label} review, of one",
    ],
    [[sentence, sentence], ["city"], "Text:", "Write a text about {label}, of one sentence."],
    [[`${sentence} ${sentence}`], ["city"], "Text:", ", of two sentences."],
    [[`${sentence} `.repeat(20)], ["city"], "Article:", "Write an article about {label}, of about"],
    [["Oil prices fall again", "Cup final ends in draw"], ["sports"], "Headline:", "Write one headline about {label}."],
    [
      ["I have lost my card and need help now.", "My transfer has not arrived yet, I am worried."],
      ["x"],
      "Message:",
      "Write a message about",
    ],
  ];
  for (const [texts, labels, answer, instruction] of table) {
    const kind = kindOf(texts, labels);
    expect([kind.answer, kind.instruction.includes(instruction) ? instruction : kind.instruction]).toEqual([
      answer,
      instruction,
    ]);
  }
});

test("what the texts are is said with --kind, and what a test set has is left out with --exclude", async () => {
  const from = await csv(questions, "text,label");
  const file = join(folder, "task.yaml");
  const held = join(folder, "test.csv");
  await writeFile(held, "text,label\nWhere is my new card?,card_arrival\n");
  const { code, stderr } = await cli(["init", file, "--from", from, "--kind", "post", "--exclude", held]);
  expect([code, stderr]).toEqual([0, expect.stringContaining("3 seeds of 2 labels")]);
  expect(stderr).toContain("1 like a row to exclude");
  const { spec } = await checkTask((await readTaskFile(file)).spec);
  expect(spec.prompt).toMatchObject({
    instruction: "Write a post about {label}, of one short sentence. Only the post.",
    answer: "Post:",
  });
  const opinion = kindOf(["Loved it.", "Hated it."], ["positive", "negative"], "tweet");
  expect(opinion.instruction).toBe("Write a {label} tweet, of one short sentence. Only the tweet.");
});

test("a task of ten seeds a label or more has its labels checked, one of fewer says how", async () => {
  const file = join(folder, "task.yaml");
  const rows = (count: number) =>
    Array.from({ length: count }, (_, i) => [
      [`the ${i} cats of house ${i * i}`, "cat"] as const,
      [`${i} old dogs and ${i * i} bones`, "dog"] as const,
    ]).flat();
  for (const [count, check] of [
    [10, { by: "student", keep: "agree" }],
    [9, undefined],
  ] as const) {
    await cli(["init", file, "--from", await csv(rows(count)), "--force"]);
    const { spec } = await checkTask((await readTaskFile(file)).spec);
    expect(spec.check ?? undefined).toEqual(check === undefined ? undefined : expect.objectContaining(check));
    expect(spec.method).toMatchObject({ name: "cross", gamma: 1.5, delta: 1 });
    expect(await readFile(file, "utf8")).toContain(check === undefined ? "\n# check: { by: student }" : "\ncheck: {");
  }
});

test.each<[string, string[], string]>([
  ["--kind without --from", ["--kind", "tweet"], "--kind: Expected --from FILE beside it and no --preset"],
  ["--exclude without --from", ["--exclude", "test.csv"], "--exclude: Expected --from FILE beside it"],
  ["a kind with braces", ["--from", "x.csv", "--kind", "{label}"], "without braces"],
])("init refuses %s", async (_, options, message) => {
  const { code, stderr } = await cli(["init", join(folder, "task.yaml"), ...options]);
  expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
});

test("a written task reads back as it was meant", async () => {
  const parts = {
    ...{
      title: "t",
      teacher: "~/models/a: b.gguf",
      wording: "w",
      instruction: 'Say "{label}": # not a comment',
      answer: "-",
    },
    ...{ shots: 0, seedsNote: "", method: "method: { name: fewgen }", count: 4, maxTokens: 8, maxTokensNote: "n" },
    ...{ stop: ["\n\n"], format: "raw" as const },
  };
  for (const labels of [
    [
      ["yes", "no"],
      ["on: off", "#x"],
    ],
    [
      ["10", "ten"],
      ["2", "two"],
    ],
  ] as [string, string][][]) {
    const file = join(folder, "written.yaml");
    await writeFile(file, taskYaml({ ...parts, labels }).replace(/^seeds: .*$/m, ""));
    const { spec } = await checkTask((await readTaskFile(file)).spec);
    expect(spec.labels.map(({ name, verbalization }) => [name, verbalization])).toEqual(labels);
    expect(spec.prompt).toMatchObject({ instruction: parts.instruction, answer: "-" });
    expect(spec.sampling.stop).toEqual(["\n\n"]);
  }
});
