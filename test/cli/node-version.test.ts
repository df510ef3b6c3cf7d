// An old Node is told so in one line, before anything is imported that it could stumble over.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");

it("engines and the program's door name the same versions", () => {
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { engines: { node: string } };
  expect(engines.node).toBe("^20.19.0 || >=22.12.0");
});

it.each(["18.20.8", "20.18.3", "21.7.3", "22.11.0"])("refuses Node %s", async (version) => {
  const pretend = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const args = [
    "--import",
    `data:text/javascript,${encodeURIComponent(pretend)}`,
    join(root, "dist/cli/main.js"),
    "doctor",
  ];
  const error = await promisify(execFile)(process.execPath, args).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(error).toMatchObject({
    code: 1,
    stderr: `corrsynth: Expected Node 20.19, 22.12 or newer, this is ${version}: see https://nodejs.org\n`,
  });
});
