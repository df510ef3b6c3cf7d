// npm "install" script: nothing to do when a prebuilt binary loads, else compile from the shipped source. In a git
// checkout it always builds (incrementally), so that the addon is never older than the source beside it.
// Direct (no node-gyp): needs only cmake >= 3.19 and a C/C++17 compiler; no Python, no Node headers, no network.
import { existsSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
if (process.env.npm_config_build_from_source !== "true" && !existsSync(join(root, ".git"))) {
  try {
    createRequire(import.meta.url)("node-gyp-build")(root);
    process.exit(0);
  } catch (e) {
    console.error(`[corrsynth] no usable prebuilt binary (${String(e.message).split("\n")[0]}); compiling from source`);
  }
}
await import("./build-native.mjs");
// as a dependency nobody builds twice: 50 MB of object files go
if (root.includes("node_modules")) rmSync(join(root, ".cmake"), { recursive: true, force: true });
