// close() in every order, each in a process of its own: no crash, no promise left unsettled, no process left hanging.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runScript } from "../lib/helpers/child.js";

const script = fileURLToPath(new URL("close-order.mjs", import.meta.url));
const orders: string[] = JSON.parse(execFileSync(process.execPath, [script, "--list"], { encoding: "utf8" }));

test.each(orders)("close %s", async (order) => {
  expect(await runScript("close-order.mjs", [order], ["--expose-gc"])).toEqual({
    code: 0,
    signal: null,
    stdout: "",
    stderr: "",
  });
});
