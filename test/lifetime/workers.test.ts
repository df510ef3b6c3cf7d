// Teachers in worker threads, each case in a process of its own.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

const script = fileURLToPath(new URL("workers.mjs", import.meta.url));
const cases: string[] = JSON.parse(execFileSync(process.execPath, [script, "--list"], { encoding: "utf8" }));

test.each(cases)("a worker %s", async (name) => {
  expect(await runScript("workers.mjs", [name])).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
});
