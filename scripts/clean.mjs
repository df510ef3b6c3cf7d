// Removes build output below the repository: node scripts/clean.mjs dist build
import { rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const output = ["dist", "build", ".cmake", "prebuilds"];
for (const name of process.argv.slice(2)) {
  if (!output.includes(name)) throw new Error(`Expected one of ${output.join(", ")}, received "${name}"`);
  rmSync(join(root, name), { recursive: true, force: true });
}
