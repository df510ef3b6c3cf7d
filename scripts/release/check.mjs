// What a package must hold, and may; nothing too much, nothing missing.
import { mostBytes } from "./platforms.mjs";

const main = {
  needed: [
    ...["package.json", "README.md", "LICENSE", "CHANGELOG.md", "THIRD-PARTY-NOTICES.txt", "SKILL.md"],
    ...[
      "dist/index.js",
      "dist/index.d.ts",
      "dist/cli/main.js",
      "dist/evaluate/index.js",
      "dist/io.js",
      "dist/arena/index.js",
      "dist/queue/index.js",
    ],
    ...[
      "dist/report/index.js",
      "dist/testing.js",
      "dist/task.schema.json",
      "dist/engine/addon.js",
      "dist/engine/trial-process.js",
    ],
    ...["CMakeLists.txt", "cmake/llama.cmake", "cmake/llama-changes.cmake", "native/addon/addon.cpp"],
    ...["scripts/compile.mjs", "scripts/build-native.mjs", "scripts/llama-source.mjs", "scripts/toolchain.mjs"],
    ...["deps/llama.json", "deps/llama.cpp.tar.xz", "deps/llama.cpp.tar.xz.sha256", "deps/llama.cpp.tar.xz.pin"],
    ...["models/demo-teacher.Q8_0.gguf", "models/demo-seeds.jsonl", "models/LICENSE-WordNet.txt"],
  ],
  allowed: [
    /^dist\/[\w./-]+\.(js|d\.ts)$/,
    /^native\/[\w./-]+\.(cpp|h|cu|cuh|txt)$/,
    /^models\/[\w.-]+$/,
    /^cmake\/[\w-]+\.cmake$/,
  ],
};
const platform = {
  needed: ["package.json", "README.md", "LICENSE", "THIRD-PARTY-NOTICES.txt"],
  allowed: [/^prebuilds\/[\w-]+\/[\w.+-]+\.(node|so|dylib|dll)$/],
};
const gpu = { needed: platform.needed, allowed: [/^[\w-]+\.(so|dll)$/] };

/** Scripts that a package manager would run, or ask about, where the package is installed. */
const atInstall = ["preinstall", "install", "postinstall", "prepare"];

/** Every way in which packages ({ name, bytes, files, scripts }) are not what is published; empty when there is none. */
export function checkPackages(packages) {
  const problems = packages.flatMap(({ name, bytes, files, scripts = {} }) => {
    const kind = name === "corrsynth" ? "main" : /-(cuda|vulkan)$/.test(name) ? "gpu" : "platform";
    const { needed, allowed } = { main, gpu, platform }[kind];
    const missing = needed.filter((file) => !files.includes(file)).map((file) => `lacks ${file}`);
    const tooMuch = files
      .filter((file) => !needed.includes(file) && !allowed.some((pattern) => pattern.test(file)))
      .map((file) => `has ${file}, which belongs in no package`);
    const addon =
      kind === "platform" && !files.some((file) => file.endsWith("/corrsynth.node")) ? ["lacks corrsynth.node"] : [];
    const size = bytes > mostBytes[kind] ? [`has ${bytes} bytes, more than ${mostBytes[kind]}`] : [];
    const runs = atInstall.filter((event) => event in scripts).map((event) => `has the script "${event}"`);
    return [...missing, ...addon, ...tooMuch, ...size, ...runs].map((problem) => `${name} ${problem}`);
  });
  const bytesOfMain = packages.find(({ name }) => name === "corrsynth")?.bytes ?? 0;
  for (const { name, bytes } of packages) {
    if (!/^@corrsynth\/\w+-\w+(-musl)?$/.test(name) || bytes + bytesOfMain <= mostBytes.together) continue;
    problems.push(`${name} and corrsynth have ${bytes + bytesOfMain} bytes together, more than ${mostBytes.together}`);
  }
  return problems;
}
