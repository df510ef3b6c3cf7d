import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { type ExportOptions, exportRun, mergeRuns } from "../../../lib/io.js";
import { fullRow, readParquet, writeRun } from "./run.js";

let parent: string;
let run: string;
let out: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "corrsynth-card-"));
  run = join(parent, "run");
  out = join(parent, "my-dataset");
});
afterEach(() => rm(parent, { recursive: true }));

const evil = [
  "no",
  'a "b" | c\\',
  "../../x",
  "{}: # <script>alert(1)</script>",
  "\u202e---\u0085",
  "[x](http://e.org)",
];
const rows = evil.flatMap((label, l) =>
  Array.from({ length: 4 }, (_, i) => ({
    ...fullRow,
    id: `0.${l}${i}`,
    label,
    text: `<b>t${l}</b>\n\n# h${l} x${i} y${i}`,
  })),
);

async function exported(options: Partial<ExportOptions> = {}) {
  await exportRun(run, { format: "hf", out, ...options });
  const readme = await readFile(join(out, "README.md"), "utf8");
  const [, front, body] = /^---\n([\s\S]*?\n)---\n([\s\S]*)$/.exec(readme)!;
  return { front: front!, body: body!, card: parse(front!, { version: "1.1" }) as Record<string, unknown> };
}

it("is a folder with a card and a Parquet file for each split, labels as the index of their class", async () => {
  await writeRun(run, evil, [rows]);
  const { card } = await exported({ validation: 0.25, seed: 5 });
  expect((await readdir(out, { recursive: true })).sort()).toEqual([
    "README.md",
    "data",
    "data/train-00000-of-00001.parquet",
    "data/validation-00000-of-00001.parquet",
  ]);
  const read = async (split: string) => await readParquet(join(out, `data/${split}-00000-of-00001.parquet`));
  const [train, validation] = [await read("train"), await read("validation")];
  expect([train.rows.length, validation.rows.length]).toEqual([18, 6]);
  const labelOf = new Map([...train.rows, ...validation.rows].map(({ text, label }) => [text, label]));
  expect(rows.map(({ text }) => labelOf.get(text))).toEqual(rows.map(({ label }) => BigInt(evil.indexOf(label))));
  for (const { metadata } of [train, validation]) {
    const { value } = metadata.key_value_metadata!.find(({ key }) => key === "huggingface")!;
    expect(JSON.parse(value!)).toEqual({
      info: {
        features: { text: { dtype: "string", _type: "Value" }, label: { names: evil, _type: "ClassLabel" } },
      },
    });
  }
  expect(card).toMatchObject({
    pretty_name: "my-dataset",
    dataset_info: {
      features: [
        { name: "text", dtype: "string" },
        { name: "label", dtype: { class_label: { names: Object.fromEntries(evil.map((name, i) => [i, name])) } } },
      ],
      splits: [
        // each text has 21 bytes and 4 for its place, each class has 8; a bit a row says that there is a text
        { name: "train", num_bytes: 18 * (21 + 4 + 8) + 3, num_examples: 18 },
        { name: "validation", num_bytes: 6 * (21 + 4 + 8) + 1, num_examples: 6 },
      ],
      dataset_size: 24 * (21 + 4 + 8) + 4,
    },
    configs: [
      {
        config_name: "default",
        data_files: [
          { split: "train", path: "data/train-*" },
          { split: "validation", path: "data/validation-*" },
        ],
      },
    ],
    size_categories: ["n<1K"],
    task_categories: ["text-classification"],
    tags: ["synthetic", "corrsynth"],
  });
});

it("states language, licence and name only as they were given", async () => {
  await writeRun(run, evil, [rows]);
  const silent = await exported();
  expect(Object.keys(silent.card)).not.toEqual(expect.arrayContaining(["language"]));
  expect(Object.keys(silent.card)).not.toEqual(expect.arrayContaining(["license"]));
  const card = { name: "no: |\n---\nx", languages: ["no", "en"], license: "cc-by-4.0" };
  const told = await exported({ force: true, card });
  expect(told.card).toMatchObject({ pretty_name: card.name, language: ["no", "en"], license: "cc-by-4.0" });
  expect(told.body).toMatch(/^\n# no\\: \\\| \\-\\-\\- x\n/);
});

it("shows labels, texts, reasons and figures as they are, and nothing of them is markup", async () => {
  await writeRun(run, evil, [rows]);
  const figures = [{ name: "Self-BLEU|5", value: "9.7", of: "200 <rows>" }];
  const { front, body } = await exported({ validation: 0.25, card: { figures } });
  const shown = body.replace(/```[\s\S]*?```/g, "");
  expect(shown).not.toMatch(/(?<!\\)<|(?<!\\)\]\(http:\/\/e/);
  expect(front + body).not.toMatch(/[\u202e\u0085]/);
  expect(shown).toContain('| a "b" \\| c\\\\ | 3 | 1 | 0.25 | 1 | 1 copy\\|of |\n');
  expect(shown).toContain("| \\.\\./\\.\\./x | \\<b\\>t2\\</b\\> \\# h2 x0 y0 |\n");
  expect(shown).toContain("| Self\\-BLEU\\|5 | 9\\.7 | 200 \\<rows\\> |\n");
  const tableRows = shown.split("\n").filter((line) => line.startsWith("|"));
  for (const line of tableRows) expect(line.replaceAll(/\\./g, "").split("|").length).toBeOneOf([4, 5, 8]);
});

it("states how it was made, without paths of the machine or the examples themselves", async () => {
  const task = {
    teacher: "/home/me/models/teacher.gguf",
    device: { gpu: 1 },
    seeds: [{ text: "a secret", label: "no" }],
    contexts: "contexts.jsonl",
    labels: { no: "a no", "```\nx": "y" },
    prompt: { instruction: "A {label}", template: "/home/me/chat.jinja" },
    check: { by: "student", embedder: "/home/me/e.gguf" },
    amateur: { model: "/home/me/a.gguf", template: "/home/me/a.jinja", answer: ":" },
    guide: "/home/me/g.gguf",
  };
  const method = { name: "hybrid", repeat: 2, gamma: 1, intra: 0.5, cross: 0.1 };
  await writeRun(run, evil, [rows], {
    task,
    settings: { method, sampling: { topP: 0.9, seed: 7 }, amateur: task.amateur },
  });
  const { body } = await exported({ validation: 0.25, columns: "all" });
  expect(body).toContain("| Second model (amateur) | a\\.gguf |");
  expect(body).toContain("| Method | hybrid (repeat 2, gamma 1, intra 0\\.5, cross 0\\.1) |");
  expect(body).toContain("| Contrast | 0\\.6 of gamma 1\\: 0\\.5 with rows of the same label, 0\\.1 with others |");
  expect(body).toContain("| SHA\\-256 of the teacher | 00ff |");
  expect(body).toContain("| SHA\\-256 of seeds | 5eed |");
  expect(body).toContain("| Seed | 7 |");
  expect(body).toContain("| Sampling | topP 0\\.9 |");
  expect(body).toContain("corrsynth export run --format hf --out dataset --validation 0.25 --seed 0 --columns all");
  expect(body).not.toMatch(/secret|home|gpu/);
  const block = /````yaml\n([\s\S]*?\n)````\n/.exec(body)?.[1] ?? /```yaml\n([\s\S]*?\n)```\n/.exec(body)![1]!;
  expect(parse(block)).toEqual({
    teacher: "teacher.gguf",
    seeds: "seeds.jsonl",
    contexts: "contexts.jsonl",
    labels: task.labels,
    prompt: { instruction: "A {label}", template: "chat.jinja" },
    check: { by: "student", embedder: "e.gguf" },
    amateur: { model: "a.gguf", template: "a.jinja", answer: ":" },
    guide: "g.gguf",
  });
  expect(body).toContain("nobody has reviewed them");
});

it("gives the commands for each part of a run that was joined", async () => {
  const seeds = [0, 1].map((part) => join(parent, `part${part}`));
  const [a, b] = [rows.slice(0, 12), rows.slice(12)];
  await writeRun(seeds[0]!, evil, [a]);
  await writeRun(seeds[1]!, evil, [[], b]);
  const journal = join(seeds[1]!, "journal.jsonl");
  await writeFile(journal, (await readFile(journal, "utf8")).replace(/^.*\n/, "")); // group 0 is the other part's
  await mergeRuns(seeds, run);
  const { body } = await exported();
  expect(body).toContain("corrsynth merge part1 part2 --out run\ncorrsynth export run --format hf");
  expect(body).toContain("| Joined from | 2 runs of different groups |");
});

it("says which rows are missing of a run that is not whole", async () => {
  await writeRun(run, evil, [rows], { end: { state: "incomplete", reason: "x" } });
  const { body } = await exported({ partial: true });
  expect(body).toContain("The run was incomplete when this was exported");
});

it("gives every column its type, in the card and in the file", async () => {
  await writeRun(run, evil, [rows]);
  const { card } = await exported({ columns: "all" });
  const { features } = card.dataset_info as { features: { name: string; dtype?: unknown; sequence?: string }[] };
  const types = features.map(({ name, dtype, sequence }) => [name, sequence === undefined ? dtype : [sequence]]);
  const { metadata } = await readParquet(join(out, "data/train-00000-of-00001.parquet"));
  const { info } = JSON.parse(metadata.key_value_metadata![0]!.value!) as {
    info: { features: Record<string, { dtype?: string; feature?: { dtype: string }; _type: string }> };
  };
  const inFile = Object.entries(info.features).map(([name, { dtype, feature }]) => [
    name,
    feature ? [feature.dtype] : dtype,
  ]);
  expect(types.filter(([name]) => name !== "label")).toEqual(inFile.filter(([name]) => name !== "label"));
  expect(Object.fromEntries(types)).toMatchObject({
    group: "int64",
    cut: "bool",
    logprob: "float64",
    examples: ["string"],
    contrastNorms: ["float64"],
    labelProbabilities: ["float64"],
    seed: "string",
  });
});

it("says what the label check was, by the name of its model alone, and what it means for the labels", async () => {
  const said = "A classifier of the examples, or the model itself, took the text for it, too.";
  await writeRun(run, ["a"], [rows.map((row) => ({ ...row, label: "a" }))]);
  expect((await exported()).body).not.toContain(said);
  await rm(run, { recursive: true });
  const check = { by: "student", keep: "agree", embedder: "/home/me/models/minilm.gguf" };
  await writeRun(run, ["a"], [rows.map((row) => ({ ...row, label: "a" }))], { settings: { check } });
  const { body } = await exported({ force: true });
  expect(body).toContain(said);
  expect(body).toMatch(/\| Label check \| by student, keep agree, embedder minilm\\?\.gguf \|/);
  expect(body).not.toContain("/home/me");
});
