// What a build for Vulkan lacks is told by cmake's configure step, all at once.
import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const needs = resolve(import.meta.dirname, "../../cmake/vulkan-needs.cmake");
const glslc = '#!/bin/sh\n[ "$1" = --version ] && exit 0\n';
const parts = {
  headers: { "include/vulkan/vulkan.h": "", "include/vulkan/vulkan_core.h": "", "include/vulkan/vulkan.hpp": "" },
  oldHeaders: { "include/vulkan/vulkan.h": "", "include/vulkan/vulkan_core.h": "" },
  loader: { "lib/libvulkan.so": "" },
  glslc: { "bin/glslc": `${glslc}exit 0\n` },
  oldGlslc: { "bin/glslc": `${glslc}echo "extension not supported: GL_KHR_cooperative_matrix" >&2\nexit 1\n` },
  brokenGlslc: { "bin/glslc": "#!/bin/sh\nexit 127\n" },
  spirv: { "share/cmake/SPIRV-Headers/SPIRV-HeadersConfig.cmake": "" },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-vulkan-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function configure(there: readonly (keyof typeof parts)[]) {
  const sdk = join(folder, "sdk");
  for (const [path, text] of there.flatMap((name) => Object.entries(parts[name]))) {
    await mkdir(dirname(join(sdk, path)), { recursive: true });
    await writeFile(join(sdk, path), text);
    await chmod(join(sdk, path), 0o755);
  }
  const project = `cmake_minimum_required(VERSION 3.19)\nproject(needs LANGUAGES NONE)\ninclude("${needs}")\n`;
  await writeFile(join(folder, "CMakeLists.txt"), project);
  // of this machine's own nothing is found
  const here = ["-DCMAKE_FIND_USE_CMAKE_SYSTEM_PATH=OFF", "-DCMAKE_FIND_USE_SYSTEM_ENVIRONMENT_PATH=OFF"];
  const args = [
    "-S",
    folder,
    "-B",
    join(folder, "build"),
    ...here,
    `-DCMAKE_PREFIX_PATH=${sdk}`,
    `-DCMAKE_MAKE_PROGRAM=${process.execPath}`,
  ];
  const { status, stdout, stderr } = spawnSync("cmake", args, {
    encoding: "utf8",
    env: { PATH: process.env.PATH, VULKAN_SDK: sdk },
  });
  return { status, says: `${stdout}${stderr}`.replaceAll(/\s+/g, " ") };
}

const headers = "the headers (vulkan/vulkan.hpp)";
const loader = "the loader's library (libvulkan)";
const compiler = "the shader compiler (glslc)";
const spirv = "SPIR-V's headers (SPIRV-Headers)";

describe.skipIf(process.platform !== "linux")("a build for Vulkan", () => {
  it.each<[there: readonly (keyof typeof parts)[], missing: string]>([
    [[], `${headers}, ${loader}, ${compiler}, ${spirv}`],
    [["headers", "loader"], `${compiler}, ${spirv}`],
    [["oldHeaders", "loader", "glslc", "spirv"], headers],
    [["headers", "glslc", "spirv"], loader],
    [["headers", "loader", "brokenGlslc", "spirv"], compiler],
    [["headers", "loader", "glslc"], spirv],
  ])("with %o says what is missing, and what installs it", async (there, missing) => {
    const { status, says } = await configure(there);
    expect(status).toBe(1);
    expect(says).toContain(`Missing to compile for Vulkan: ${missing}. Install with`);
    expect(says).toContain("apt-get install libvulkan-dev glslc spirv-headers");
  });

  it.each<[glslc: "glslc" | "oldGlslc", isTold: boolean]>([
    ["glslc", false],
    ["oldGlslc", true],
  ])("with all of it goes on; %s and cooperative matrices: told %s", async (compiler, isTold) => {
    const { status, says } = await configure(["headers", "loader", compiler, "spirv"]);
    expect(status, says).toBe(0);
    expect(says.includes("too old for cooperative matrices")).toBe(isTold);
  });
});
