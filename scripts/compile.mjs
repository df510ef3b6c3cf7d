// Compiles the addon from the source beside it, and says first which tools are missing: what `corrsynth build` runs, and
// `npm ci` in a checkout (the script "prepare", which no published package has).
// Needs only cmake >= 3.19 and a C/C++17 compiler; no Python, no network where the source of llama.cpp is there already.
import { rmSync } from "node:fs";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { missingTools } from "./toolchain.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

const missing = missingTools();
if (missing !== undefined) {
  console.error(`[corrsynth] ${missing}`);
  process.exit(1);
}
await import("./build-native.mjs");
// as a dependency nobody builds twice: 50 MB of object files go
if (root.split(sep).includes("node_modules")) rmSync(join(root, ".cmake"), { recursive: true, force: true });
