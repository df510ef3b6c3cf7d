// Case 16: inside a bundle it says to be left outside, and left outside it runs.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isInstalled } from "../../lib/checks/installed.js";

const root = resolve(import.meta.dirname, "../..");
let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-bundle-"));
  await mkdir(join(directory, "node_modules"));
  await symlink(root, join(directory, "node_modules/corrsynth"), "dir");
});
afterAll(() => rm(directory, { recursive: true }));

async function bundle(format: "esm" | "cjs", external: string[]): Promise<string> {
  const outfile = join(directory, `app-${external.length}.${format === "esm" ? "mjs" : "cjs"}`);
  const own = await readFile(join(import.meta.dirname, "16-app.mjs"), "utf8");
  // CommonJS knows no await at the top
  const app = format === "esm" ? own : 'import { loadTeacher } from "corrsynth"; loadTeacher("demo");';
  await build({
    stdin: { contents: app, resolveDir: directory },
    ...{ bundle: true, platform: "node", format, external, outfile, logLevel: "silent" },
  });
  return outfile;
}

test.each(["esm", "cjs"] as const)("bundled as %s it says what to do", async (format) => {
  const run = promisify(execFile)(process.execPath, [await bundle(format, [])]);
  await expect(run).rejects.toThrow(/leave corrsynth outside the bundle\. esbuild: --external:corrsynth/);
});

test("left outside, it runs", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [await bundle("esm", ["corrsynth"])]);
  expect(stdout).toBe("loaded\n");
});

test("what counts as installed", () => {
  const table: [address: string | undefined, isWebpack: boolean, expected: boolean][] = [
    ["file:///app/node_modules/corrsynth/dist/checks/installed.js", false, true],
    ["file:///corrsynth/lib/checks/installed.ts", false, true],
    ["file:///app/dist/server.mjs", false, false],
    [undefined, false, false], // esbuild to CommonJS
    ["file:///app/node_modules/corrsynth/dist/checks/installed.js", true, false], // webpack keeps the address
  ];
  for (const [address, isWebpack, expected] of table) expect(isInstalled(address, isWebpack)).toBe(expected);
});
