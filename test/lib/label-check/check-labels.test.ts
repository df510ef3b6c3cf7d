// The label check on rows that exist, by the demo teacher and by students of its seeds.
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { RowToCheck, SynthesisSpec, Teacher } from "../../../lib/index.js";
import { checkLabels, loadTeacher } from "../../../lib/index.js";
import { prepare } from "../../../lib/run/prepare.js";
import { resolveSpec } from "../../../lib/task/spec.js";
import { labels, type Overrides, seeds, task } from "../helpers/demo.js";

let teacher: Teacher;
beforeAll(async () => {
  teacher = await loadTeacher("demo");
});
afterAll(() => teacher.close());

const names = Object.keys(labels);
type Check = NonNullable<SynthesisSpec["check"]>;

// Definitions that no seed has: two of each label.
const rows: RowToCheck[] = [
  ["animal", "small burrowing rodent with a long tail"],
  ["animal", "large bird of prey"],
  ["plant", "tall tree with red fruit"],
  ["plant", "shrub with yellow flowers"],
  ["food", "thick soup of beans and meat"],
  ["food", "sweet cake with cream"],
  ["person", "someone who repairs shoes"],
  ["person", "a woman who teaches at a school"],
].map(([label, text]) => ({ label: label!, text: text! }));
const swapped = rows.map(({ text }, i) => ({ text, label: rows[(i + 3) % rows.length]!.label }));

const checked = (check: Check, given = rows, overrides: Overrides = {}) =>
  checkLabels(teacher, task({ check, ...overrides }), given);

// How many of the eight are taken for what they are: the demo teacher has 3 M parameters and follows no instruction, so
// the direct form is no better than chance.
const checks: [name: string, check: Check, right: number][] = [
  ["channel", { by: "teacher" }, 7],
  ["direct", { by: "teacher", form: "direct" }, 2],
  ["proxy student", { by: "student" }, 6],
  ["student on the teacher's embeddings", { by: "student", embedder: "demo" }, 5],
];

describe.each(checks)("%s", (_, check, right) => {
  test("takes definitions for what they are, whatever label they were given, and keeps those that have it", async () => {
    const found = await checked(check);
    expect(found.filter(({ label }, i) => label === rows[i]!.label).length).toBeGreaterThanOrEqual(right);
    const again = await checked(check, swapped);
    expect(again.map(({ label }) => label)).toEqual(found.map(({ label }) => label));
    expect(again.map(({ isKept }) => isKept)).toEqual(found.map(({ label }, i) => label === swapped[i]!.label));
    for (const { label, probabilities } of found) {
      expect(Object.keys(probabilities)).toEqual(names);
      const values = Object.values(probabilities);
      expect(values.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
      expect(probabilities[label]).toBe(Math.max(...values));
    }
  });
});

test("calibrated by the seeds that its prompts do not have, a label's mean score over these is 0", async () => {
  for (const form of ["channel", "direct"] as const) {
    const spec = resolveSpec(task({ check: { by: "teacher", form } }));
    const check = (await prepare(teacher, spec)).check!;
    const { constants, from, texts } = await check.calibrate();
    expect({ from, isEven: texts % names.length }).toEqual({ from: "seeds", isEven: 0 });
    expect(texts).toBeLessThanOrEqual(200);
    const again = await check.calibrate();
    expect(again.constants).toEqual(constants);
  }
});

test("has each label's constant taken off", async () => {
  const lifted = await checkLabels(teacher, task({ check: { by: "teacher" } }), rows, { constants: [0, 0, -1e4, 0] });
  expect(new Set(lifted.map(({ label }) => label))).toEqual(new Set(["food"]));
});

test("a text that is longer than the context is read by its beginning", async () => {
  const text = "tall tree with red fruit ".repeat(600);
  const [found] = await checked({ by: "teacher" }, [{ text, label: "plant" }]);
  expect(found!.label).toBe("plant");
  const table: Check[] = [
    { by: "teacher", form: "direct" },
    { by: "student", embedder: "demo" },
  ];
  for (const check of table) expect(names).toContain((await checked(check, [{ text, label: "plant" }]))[0]!.label);
});

describe("refuses", () => {
  const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 };
  const two = { animal: "an animal", plant: "a plant" };
  const teacherCheck = { by: "teacher" } as const;
  const one = seeds.filter(
    ({ label }, i) => label !== "food" || seeds.findIndex((seed) => seed.label === "food") === i,
  );

  it("tasks with nothing to tell labels apart by, before anything is loaded", () => {
    const table: [task: object, message: string][] = [
      [{ labels: { animal: "an animal" }, prompt }, "check: Expected at least 2 labels to tell apart, received 1"],
      [
        { labels: { a: "an animal", b: "an animal" }, prompt },
        'labels.b: Expected a verbalization of its own, received "an animal" as for "a"',
      ],
      [
        { labels: two, prompt: { ...prompt, instruction: "Go on: {context}" }, contexts: [{ text: "x" }] },
        'check.form: Expected {label} or examples in the prompt, since form "channel" compares the prompts of the labels',
      ],
      [{ labels: two, prompt, check: { by: "student" } }, "check: Expected seeds for the student to learn from"],
      [{ labels: two, prompt, check: { by: "student", keep: 1 } }, "check.keep: Expected less than 1, received 1"],
      [
        { labels: two, prompt, check: { by: "teacher", keep: 0.5 } },
        'check.keep: Expected "agree", or { margin: nats }, received 0.5',
      ],
      [{ labels: two, prompt, check: { by: "teacher", keep: { margin: -1 } } }, "check.keep.margin: Expected"],
      [
        { labels: two, prompt, check: { by: "oracle" } },
        'check.by: Unknown name "oracle", expected one of "teacher", "student"',
      ],
      [{ labels: two, prompt, check: { by: "teacher", embedder: "m.gguf" } }, 'check: Unknown field "embedder"'],
    ];
    for (const [given, message] of table) {
      expect(() => resolveSpec({ check: teacherCheck, count: 4, ...given })).toThrow(message);
    }
  });

  it("seeds that do not suffice, and rows that it cannot judge", async () => {
    const student = { by: "student" } as const;
    const table: [check: Check, rows: unknown, overrides: Overrides, message: string][] = [
      [
        student,
        rows,
        { seeds: one },
        'check: Expected at least 2 seeds of "food" for the student to learn from, received 1',
      ],
      [teacherCheck, rows, { seeds: [...seeds, { text: "a song", label: "music" }] }, 'Unknown label "music"'],
      [
        teacherCheck,
        [{ text: " ", label: "food" }, { label: "food" }],
        {},
        'rows[0].text: Expected a text that is not blank, received " ", and so for 1 more',
      ],
      [
        teacherCheck,
        [{ text: "a", label: "music" }],
        {},
        'rows[0].label: Expected one of "animal", "plant", "food", "person", received "music"',
      ],
    ];
    for (const [check, given, overrides, message] of table) {
      await expect(checked(check, given as RowToCheck[], overrides)).rejects.toThrow(message);
    }
    await expect(checkLabels(teacher, task(), rows)).rejects.toThrow("check: Expected who checks the labels");
    const constants = [0, Number.NaN, 0, 0];
    await expect(checkLabels(teacher, task({ check: teacherCheck }), rows, { constants })).rejects.toThrow(
      "constants: Expected a finite number for each of the 4 labels",
    );
  });

  it("scores that are no finite numbers, by the row", async () => {
    const broken = Object.create(teacher, {
      score: { value: async (requests: unknown[]) => requests.map(() => ({ logProbability: Number.NaN, tokens: 1 })) },
      tokenize: { value: (prompts: never) => teacher.tokenize(prompts) },
      countTokens: { value: (texts: never) => teacher.countTokens(texts) },
      chatTemplate: { value: () => teacher.chatTemplate() },
    }) as Teacher;
    const constants = [0, 0, 0, 0];
    await expect(checkLabels(broken, task({ check: teacherCheck }), rows, { constants })).rejects.toThrow(
      'Expected finite scores from the label check, received NaN for label "animal" of row rows[0]',
    );
  });
});
