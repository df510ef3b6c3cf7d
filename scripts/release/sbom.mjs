// What a published package is made of, as CycloneDX: npm's own list of dependencies, and what is compiled or packed into ours.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { root } from "./stage.mjs";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url));

/** Packages that are installed with ours and that npm 11 leaves out of its list though the lockfile has them, such as yaml. */
function leftOut(components) {
  const { packages } = JSON.parse(read("package-lock.json").toString("utf8"));
  const listed = new Set(components.map(({ name, group, version }) => `${group ? `${group}/` : ""}${name}@${version}`));
  return Object.entries(packages).flatMap(([path, { version, license, dev, devOptional, peer, optional }]) => {
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    if (path === "" || dev || devOptional || peer || optional || listed.has(`${name}@${version}`)) return [];
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const licenses = [{ license: { id: license } }];
    return [{ type: "library", "bom-ref": `${name}@${version}`, name, version, scope: "required", purl, licenses }];
  });
}

export function sbom() {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 };
  const bill = JSON.parse(
    execFileSync(npm, ["sbom", "--sbom-format=cyclonedx", "--omit=dev", "--package-lock-only"], options),
  );
  bill.components.push(...leftOut(bill.components));
  const { tag, commit, git } = JSON.parse(read("deps/llama.json").toString("utf8"));
  const sha256 = createHash("sha256").update(read("models/demo-teacher.Q8_0.gguf")).digest("hex");
  bill.components.push(
    {
      type: "library",
      "bom-ref": `llama.cpp@${commit}`,
      name: "llama.cpp",
      version: tag,
      description: "with ggml; compiled into the addon",
      purl: `pkg:github/ggml-org/llama.cpp@${tag}`,
      licenses: [{ license: { id: "MIT" } }],
      externalReferences: [{ type: "vcs", url: git }],
    },
    {
      type: "machine-learning-model",
      "bom-ref": "demo-teacher",
      name: "demo-teacher.Q8_0.gguf",
      description: "trained on WordNet 3.1",
      hashes: [{ alg: "SHA-256", content: sha256 }],
      licenses: [{ license: { name: "WordNet License" } }],
    },
  );
  return bill;
}
