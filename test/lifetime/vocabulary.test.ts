// An exception of llama.cpp's that names nothing: it comes as an error with a code, and the process still ends.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";
import { demoModel } from "../lib/helpers/demo.js";
import { withoutByteFallback } from "../lib/helpers/gguf.js";

let directory: string;
let model: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-vocabulary-"));
  model = join(directory, "no-bytes.gguf");
  await writeFile(model, withoutByteFallback(await readFile(demoModel)));
});
afterAll(() => rm(directory, { recursive: true }));

test.each(["by itself", "exit"])(
  "a prompt that the vocabulary has no tokens for; the process ends: %s",
  async (end) => {
    const { code, signal, stdout, stderr } = await runScript("vocabulary.mjs", [model, end]);
    expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: "" });
    const lines = stdout.trim().split("\n");
    expect(lines.map((line) => line.split(" ", 2))).toEqual([
      ["plan", "CORRSYNTH_ENGINE"],
      ["synthesize", "CORRSYNTH_ENGINE"],
      ["embed", "CORRSYNTH_ENGINE"],
    ]);
    for (const line of lines) expect(line).toContain("vocabulary has no token for some character");
  },
);
