// The packages as a user gets them: packed, installed into an empty folder on a machine that has nothing but Node, run; and
// compiled from what they hold where no prebuilt addon is. The last line is "N passed, N failed".
//   node test/package/packed.mjs [--keep]
// Takes prebuilds/ as it is; where it is empty, the addon is built for one level of CPU, which is quicker.
import { execFileSync, spawnSync } from "node:child_process";
import {
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
const ours = tarballs.filter((file) => file.includes(name)).map((file) => join(out, file));
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
    const options = ["--omit=optional", "--strict-allow-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    const { status, stderr } = spawnSync("npm", ["install", ...options, ...main], {
      cwd: path,
      env: { ...clean, PATH: nodeOnly },
      encoding: "utf8",
    });
    expect(status === 0 && stderr === "", stderr);
    const manifest = JSON.parse(readFileSync(join(path, "node_modules/corrsynth/package.json"), "utf8"));
    expect(manifest.scripts === undefined && manifest.gypfile === false, JSON.stringify(manifest.scripts));
    expect(!existsSync(join(path, "node_modules/cmake-js")), "build tools were installed");
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

if (process.argv.includes("--keep")) console.log(`kept: ${place}`);
else rmSync(place, { recursive: true, force: true });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
