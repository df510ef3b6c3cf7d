// Checks the layout of the C++ files with clang-format (.clang-format), or with --write puts it right.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HELP = `Usage: node scripts/check-format.mjs [--write]

Checks native/, test/native/ and bench/ with clang-format; --write reformats in place. Exit 1 where a file differs.
`;
const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const args = process.argv.slice(2);
if (args.includes("--help")) {
  process.stdout.write(HELP);
  process.exit(0);
}
const unknown = args.find((arg) => arg !== "--write");
if (unknown !== undefined) {
  console.error(`Unknown option "${unknown}"\n\n${HELP}`);
  process.exit(2);
}

const files = ["native", "test/native", "bench"]
  .filter((folder) => existsSync(join(root, folder)))
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)))
  .filter((file) => /\.(cpp|h|cu|cuh)$/.test(file))
  .sort();
const mode = args.includes("--write") ? ["-i"] : ["--dry-run", "-Werror"];
const { status, error } = spawnSync("clang-format", [...mode, ...files], { cwd: root, stdio: "inherit" });
if (error) {
  console.error(
    `Cannot run clang-format (${error.message}): apt-get install clang-format (Debian, Ubuntu) or brew install clang-format`,
  );
}
process.exit(status === 0 ? 0 : 1);
