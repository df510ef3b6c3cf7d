// npm "install" script: nothing to do when a prebuilt addon loads, else compile from the shipped source. In a git
// checkout it always builds (incrementally), so that the addon is never older than the source beside it.
// Direct (no node-gyp): needs only cmake >= 3.19 and a C/C++17 compiler; no Python, no Node headers, no network.
import { existsSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { missingTools } from "./toolchain.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const loader = join(root, "dist/engine/addon.js");

/** Why no addon loads; undefined when one does. */
async function problem() {
  if (process.env.npm_config_build_from_source === "true") return "as asked for by build_from_source";
  if (existsSync(join(root, ".git")) || !existsSync(loader)) return "from a checkout";
  try {
    const { loadAddon } = await import(pathToFileURL(loader).href);
    loadAddon();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

const why = await problem();
if (why !== undefined) {
  console.error(`[corrsynth] compiling from source: ${why}`);
  const missing = missingTools();
  if (missing !== undefined) {
    console.error(`[corrsynth] ${missing}`);
    process.exit(1);
  }
  await import("./build-native.mjs");
  // as a dependency nobody builds twice: 50 MB of object files go
  if (root.includes("node_modules")) rmSync(join(root, ".cmake"), { recursive: true, force: true });
}
