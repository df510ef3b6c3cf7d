// Numbers that do not fit what they are narrowed to: no crash, nothing that wraps, no memory that nothing fills.
import { beforeAll, expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

let found: Record<string, string>;
let bytes: number;
beforeAll(async () => {
  const { signal, stdout, stderr } = await runScript("numbers.mjs", [], [], 300);
  expect({ signal, stderr }).toEqual({ signal: null, stderr: "" });
  ({ found, bytes } = JSON.parse(stdout));
}, 310_000);

test.each([
  ["batchSize 2^31-1", "as it is"],
  ["topK 2^32+1", "as it is"],
  ["embed 2^31-1", "embed 512"],
  ["embed 2^31", "embed 512"],
  ["embed 2^32+1", "embed 512"],
])("%s gives what %s gives", (name, same) => {
  expect(found[name]).toBe(found[same]);
  expect(found[same]).not.toBe(found["embed 1"]);
});

test.each([
  ["batchSize 2^31", /^CORRSYNTH_INVALID_CONFIG engine\.batchSize: .*2147483648/],
  ["contextSize 2^31-1", /^CORRSYNTH_OUT_OF_MEMORY .* rows of 2147483648 tokens .*"engine\.contextSize"/s],
  ["contextSize 2^31", /^CORRSYNTH_INVALID_CONFIG engine\.contextSize: .*2147483648/],
])("%s is refused by the option's name", (name, message) => {
  expect(found[name]).toMatch(message);
  expect(found[name]).not.toMatch(/-\d/); // a number that has wrapped
});

test("all that takes no more than a model and a context of a row's size", () => {
  expect(bytes).toBeLessThan(400e6);
});
