// Licences of what our packages carry that is not ours.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureLlamaSource } from "../llama-source.mjs";

const text = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8").trim();

/** Names, versions and licence texts of llama.cpp with ggml, and of the data that the demo teacher was trained on. */
export function notices() {
  const { tag, commit, git } = JSON.parse(text("deps/llama.json"));
  const parts = [
    ["llama.cpp and ggml", `${tag}, commit ${commit}\n${git}`, llamaLicence()],
    [
      "WordNet, which the demo teacher (models/demo-teacher.Q8_0.gguf) was trained on",
      "",
      text("models/LICENSE-WordNet.txt"),
    ],
  ];
  const rule = "-".repeat(80);
  return parts.map(([name, source, licence]) => `${rule}\n${name}\n${source}\n${rule}\n\n${licence}\n`).join("\n");
}

function llamaLicence() {
  const folder = mkdtempSync(join(tmpdir(), "corrsynth-notices-"));
  try {
    execFileSync("cmake", ["-E", "tar", "xf", ensureLlamaSource(), "llama.cpp/LICENSE"], { cwd: folder });
    return readFileSync(join(folder, "llama.cpp/LICENSE"), "utf8").trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
