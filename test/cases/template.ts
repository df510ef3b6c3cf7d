/** The demo teacher with a chat template in its file. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { loadTeacher, type Preview, preview, type SynthesisSpec } from "../../lib/index.js";
import { demoModel } from "../lib/helpers/demo.js";
import { withText } from "../lib/helpers/gguf.js";

/** Previews a task of this folder with a template of this folder. */
export async function previewWith(
  task: string,
  template: string,
  prompt: Partial<SynthesisSpec["prompt"]> = {},
): Promise<Preview> {
  const here = (name: string) => join(import.meta.dirname, name);
  const folder = mkdtempSync(join(tmpdir(), "corrsynth-template-"));
  try {
    const path = join(folder, "model.gguf");
    const jinja = readFileSync(here(template), "utf8");
    writeFileSync(path, withText(readFileSync(demoModel), "tokenizer.chat_template", jinja));
    const { spec } = await readTaskFile(here(task));
    await using teacher = await loadTeacher(path);
    return await preview(teacher, { ...spec, prompt: { ...spec.prompt, ...prompt }, engine: { threads: 1 } });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
