// A path that is no run directory: whoever asks is told first whether anything is there.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exportRun, mergeRuns, readRun, runStatus } from "../../../lib/io.js";
import { findRow } from "../../../lib/replay/stored-row.js";

const directory = mkdtempSync(join(tmpdir(), "corrsynth-no-run-"));
const [gone, file, empty] = ["gone", "file.txt", "empty"].map((name) => join(directory, name)) as [
  string,
  string,
  string,
];
writeFileSync(file, "a text");
mkdirSync(empty);
afterAll(() => rmSync(directory, { recursive: true }));

test.each<[string, (path: string) => Promise<unknown>]>([
  ["runStatus", (path) => runStatus(path)],
  ["readRun", (path) => readRun(path)],
  ["exportRun", (path) => exportRun(path, { format: "csv", out: join(directory, "out.csv") })],
  ["mergeRuns", (path) => mergeRuns([path], join(directory, "merged"))],
  ["replay", (path) => findRow(path, "1.0")],
])("%s says that nothing is there, that it is a file, or what a directory lacks", async (_, ask) => {
  const code = "CORRSYNTH_INVALID_CONFIG";
  await expect(ask(gone)).rejects.toMatchObject({
    code,
    message: expect.stringContaining("found nothing of this name"),
  });
  await expect(ask(file)).rejects.toMatchObject({
    code,
    message: expect.stringMatching(/received a file|ENOTDIR|directory/),
  });
  await expect(ask(empty)).rejects.toMatchObject({ code, message: expect.stringMatching(/received one without/) });
});
