import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTemplateFile, templateOf } from "../../../lib/prompt/template-file.js";
import type { PromptSpec } from "../../../lib/task/prompt-spec.js";

const folder = mkdtempSync(join(tmpdir(), "corrsynth-template-"));
afterAll(() => rmSync(folder, { recursive: true }));
const prompt: PromptSpec = {
  ...{ instruction: "", answer: "", shots: 0, format: "chat", examples: "turns", separator: "" },
};
const own = { template: "{{ own }}", bosToken: "<s>", eosToken: "</s>" };

function file(content: string | Buffer): string {
  const path = join(folder, "chat.jinja");
  writeFileSync(path, content);
  return path;
}

test("the file's template takes the place of the model's, with the model's tokens", async () => {
  const path = file("\ufeff{{ mine }}");
  expect(await templateOf({ ...prompt, template: path }, own)).toEqual({ ...own, template: "{{ mine }}", file: path });
  expect(await templateOf({ ...prompt, template: { jinja: "{{ mine }}" } }, own)).toMatchObject({
    template: "{{ mine }}",
  });
  expect(await templateOf(prompt, own)).toEqual(own);
  expect(await templateOf(prompt, { ...own, template: "" })).toBeUndefined();
});

function pipe(): string {
  const path = join(folder, "pipe");
  execFileSync("mkfifo", [path]);
  return path;
}

//               path, what is said
const refused: [string, () => string, string][] = [
  ["is not there", () => join(folder, "none.jinja"), 'none.jinja": no such file'],
  ["is a pipe", pipe, "which is larger or no file"],
  ["is a folder", () => folder, "which is larger or no file"],
  [
    "has more than 1 MiB",
    () => file("a".repeat(2 ** 20 + 1)),
    "Expected a Jinja file of at most 1048576 bytes, received",
  ],
  ["is no UTF-8", () => file(Buffer.of(0x61, 0xff)), "Expected UTF-8, received bytes that are none in"],
  ["is blank", () => file(" \n"), "is blank"],
];
test.each(refused)("a file that %s is refused", async (_, path, message) => {
  const error = await readTemplateFile(path()).catch((cause) => cause);
  expect(error.message).toMatch(/^prompt\.template: /);
  expect(error.message).toContain(message);
});
