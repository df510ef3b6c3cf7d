// Each entrance takes or refuses what it is sent, in words; fuzz.mjs does it longer: node test/fuzz/fuzz.mjs hub --seconds 600.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const program = fileURLToPath(new URL("fuzz.mjs", import.meta.url));

//           entrance, cases
test.each([
  ["gguf", 200],
  ["queue", 200],
  ["hub", 30],
  ["template", 8],
  ["pattern", 60],
  ["student", 400],
])("%s: what is sent is taken or refused, %i times", async (entrance, cases) => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    program,
    entrance,
    "--cases",
    String(cases),
    "--seed",
    "7",
  ]);
  const counts = JSON.parse(stdout) as Record<string, number>;
  expect(counts.cases).toBe(cases);
  expect(counts.accepted! + counts.refused!).toBe(cases);
  expect(counts.refused).toBeGreaterThan(0);
});
