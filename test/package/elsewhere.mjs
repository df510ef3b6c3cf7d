// A release as a user of one platform gets it: by name, from a registry that has it, installed as npm does there and run by that
// platform's Node: the demo, a program, a worker thread. The last line is "N passed, N failed".
//   node test/package/elsewhere.mjs PLATFORM FOLDER [COMMAND...]
// FOLDER has the tarballs of the release; COMMAND is what runs that platform's Node here, default this one. An example:
//   node test/package/elsewhere.mjs linux-arm64 .cmake/release qemu-aarch64 -L /usr/aarch64-linux-gnu node-arm64/bin/node
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { platforms } from "../../scripts/release/platforms.mjs";

const [name, folder, ...command] = process.argv.slice(2);
const { os, cpu, libc } = platforms[name] ?? {};
if (os === undefined || folder === undefined) {
  console.error(`Expected a platform (${Object.keys(platforms).join(", ")}) and a folder, received ${name} ${folder}`);
  process.exit(2);
}
const node = command.length > 0 ? command.map((word) => (existsSync(word) ? resolve(word) : word)) : [process.execPath];
const place = mkdtempSync(join(tmpdir(), "corrsynth-elsewhere-"));
const counts = { passed: 0, failed: 0 };

function run([program, ...args], options = {}) {
  const { stdout, stderr, error } = spawnSync(program, args, { cwd: place, encoding: "utf8", ...options });
  return `${stdout ?? ""}${stderr ?? ""}${error?.message ?? ""}`.trim();
}

function check(title, expected, command, options) {
  const started = performance.now();
  const said = run(command, options);
  const holds = expected.test(said);
  counts[holds ? "passed" : "failed"]++;
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(holds ? `ok: ${title} (${seconds} s)` : `FAILED: ${title}: ${said}`);
}

const shell = process.platform === "win32"; // npm is a script there
const address = join(place, "registry");
const upstream = run(["npm", "config", "get", "registry"], { shell });
const script = fileURLToPath(new URL("registry.mjs", import.meta.url));
const server = spawn(process.execPath, [script, resolve(folder), upstream, address], { stdio: "ignore" });
for (let waited = 0; !existsSync(address); waited += 50) {
  if (waited > 20_000) throw new Error("The registry does not start");
  await new Promise((done) => setTimeout(done, 50));
}

const program = `
import { Worker, isMainThread } from "node:worker_threads";
import { devices, loadTeacher, synthesize } from "corrsynth";
const teacher = await loadTeacher("demo");
const labels = ["an animal", "a plant"];
const prompt = { instruction: "Definition of {label}", answer: ":", shots: 0 };
const run = synthesize(teacher, { labels, prompt, count: 4, sampling: { maxTokens: 24, stop: ["\\n"], seed: 7 } });
let rows = 0;
for await (const { text } of run) rows += text === "" ? 0 : 1;
await teacher.close();
console.log(rows + " rows by " + process.platform + " " + process.arch + ", " + devices().map(({ name }) => name));
if (isMainThread) new Worker(new URL(import.meta.url));
`;
writeFileSync(join(place, "package.json"), '{ "private": true }\n');
writeFileSync(join(place, "program.mjs"), program);
const registry = `--registry=${readFileSync(address, "utf8")}`;
const there = [`--os=${os}`, `--cpu=${cpu}`, ...(libc === undefined ? [] : [`--libc=${libc}`])];
const install = ["npm", "install", registry, ...there, "--no-audit", "--no-fund", "corrsynth"];
check("npm install corrsynth", /added \d+ packages/, install, { shell });
server.kill();
const cli = [...node, "node_modules/corrsynth/dist/cli/main.js"];
const addon = new RegExp(`@corrsynth.${name}.prebuilds.${os}-${cpu}.corrsynth\\.node`);
check("its addon is that of the platform's package", addon, [...cli, "doctor"]);
check("the demo", /Self-BLEU-5/, [...cli, "demo", "--count", "16", "--out", "demo"]);
const twice = new RegExp(`^(4 rows by ${os} ${cpu}, .+\\s*){2}$`);
check("a program, and the same in a worker thread", twice, [...node, "program.mjs"]);
rmSync(place, { recursive: true, force: true, maxRetries: 3 });
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
