import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import type { Library } from "../../lib/cli/command.js";
import { cli } from "./environment.js";

let folder: string;
let task: string;
let out: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-attributes-"));
  [task, out] = [join(folder, "task.yaml"), join(folder, "attributes.yaml")];
  await writeFile(
    task,
    "teacher: demo\nlabels: [a, b]\nprompt: { instruction: On {label}, shots: 0 }\ncount: 2\n".replace(
      "On {label}",
      '"On {label}"',
    ),
  );
});
afterEach(() => rm(folder, { recursive: true }));

const attributes = { style: ["news: short", "# blog"], topic: { a: ["x\u001b[31m"], b: ["y"] } };
const asked: unknown[] = [];
const library = {
  proposeAttributes: async (
    _: unknown,
    __: unknown,
    { dimensions, values }: { dimensions: unknown; values: number },
  ) => {
    asked.push({ dimensions, values });
    const dropped = [{ attribute: "topic", label: "a", value: "yes\nno", takenFor: "b" }];
    return { attributes, dropped, warnings: ['Attribute "topic" has fewer values than 10'] };
  },
} as unknown as Partial<Library>;

it("writes what the teacher proposes as a field of the task, with what was left out", async () => {
  const { code, stderr, calls } = await cli(["attributes", task, "--out", out, "--progress", "none"], { library });
  expect([code, stderr]).toEqual([
    0,
    `2 attributes in ${out}: read them, then put them into the task\n1 value of another label left out, told in the file\n` +
      'Attribute "topic" has fewer values than 10\n',
  ]);
  expect(calls.at(-1)).toBe("close");
  const text = await readFile(out, "utf8");
  expect(parse(text)).toEqual({ attributes });
  expect(text).not.toContain("\u001b");
  expect(text.split("\n").slice(0, 2)).toEqual([
    `# Attributes for ${task}, proposed by its teacher. Read them: strike out, mend and add.`,
    "# Then put them into the task, and {style}, {topic} into prompt.instruction.",
  ]);
  expect(text).toContain("# Left out, since the teacher takes them for the label in brackets:\n# topic of a: yes");
  expect(text.trim().split("\n").at(-1)).toMatch(/^# topic of a: .*\(b\)$/);
});

it("takes a number of attributes or their names, and refuses others and a file that is there", async () => {
  asked.length = 0;
  const base = ["attributes", task, "--out", out, "--force"];
  await cli([...base, "--dimensions", "3", "--values", "4"], { library });
  await cli([...base, "--dimensions", "style,subtopic"], { library });
  expect(asked).toEqual([
    { dimensions: 3, values: 4 },
    { dimensions: ["style", "subtopic"], values: 10 },
  ]);
  const refused: [args: string[], message: string][] = [
    [["attributes", task, "--out", out], "overwrite it with --force"],
    [[...base, "--dimensions", "0"], "Expected an integer from 1, or names."],
    [[...base, "--dimensions", "1.5"], "Expected an integer from 1, or names."],
    [[...base, "--dimensions", "style,"], "Expected names with commas between them."],
    [[...base, "--values", "1"], "Expected an integer from 2"],
  ];
  for (const [args, message] of refused) {
    expect(await cli(args, { library })).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  }
});
