// What is exported as CSV can be read back: a plain number and a label are no formulas.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readTaskFile } from "../../lib/cli/task-file.js";
import { exportRun, readTable } from "../../lib/io.js";
import { resolveSpec } from "../../lib/task/spec.js";
import { writeRun } from "../lib/export/run.js";

const scratch = await mkdtemp(join(tmpdir(), "corrsynth-case-"));
afterAll(() => rm(scratch, { recursive: true }));

const texts = ["-1", "+2.5", "=1+1", "@you: hi", "'tis it", "''twice", "- a point", "plain", "ends with \\"];

test("labels that begin with a sign, and texts that do, come back as they were, escaped or not", async () => {
  const { labels } = resolveSpec((await readTaskFile(join(import.meta.dirname, "04-signs.yaml"))).spec);
  const names = [...labels.map(({ name }) => name), "=SUM(A1)"];
  expect(names).toEqual(["-1", "0", "+1", "=SUM(A1)"]);
  const rows = texts.flatMap((text) => names.map((label) => ({ text, label })));
  const run = await writeRun(join(scratch, "run"), names, [rows]);
  for (const escapeFormulas of [true, false]) {
    const out = join(scratch, `${escapeFormulas}.csv`);
    await exportRun(run, { format: "csv", out, escapeFormulas });
    const read = await readTable(out);
    expect(read.rows.map(({ text, label }) => ({ text, label }))).toEqual(rows);
  }
  const written = await readFile(join(scratch, "true.csv"), "utf8");
  expect(written).toMatch(/^"text","label"\r\n"-1","-1"\r\n"-1","0"\r\n"-1","\+1"\r\n/);
  expect(written).toContain(`"'=1+1","=SUM(A1)"`);
});

test("a file of another tool keeps its apostrophes", async () => {
  const path = join(scratch, "other.csv");
  for (const content of [`text,label\n'''Bold''',x\n`, `"text","label"\n"'''Bold'''","x"\n`]) {
    await writeFile(path, content);
    expect((await readTable(path)).rows[0]!.text).toBe("'''Bold'''");
  }
  // looks like an export with apostrophes, but for a text that lacks its own
  await writeFile(path, `"text","label"\r\n"''x","a"\r\n"=1+1","b"\r\n`);
  expect((await readTable(path)).rows.map(({ text }) => text)).toEqual(["''x", "=1+1"]);
});
