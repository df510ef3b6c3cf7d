// What the packing machine can say of libraries that it cannot run: by their bytes alone.
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const at = (file: string) => new URL(`../../scripts/release/${file}`, import.meta.url).href;
const { binaryProblems, symbolProblems } = (await import(at("binaries.mjs"))) as {
  binaryProblems(name: string, folder: string): string[];
  symbolProblems(library: Library, platform: { os: string; libc?: string }, others: Others): string[];
};
const { readPe } = (await import(at("pe.mjs"))) as { readPe(bytes: Buffer): Library & { machine: string } };
const { packPlatform } = (await import(at("stage.mjs"))) as {
  packPlatform(name: string, out: string, options: { prebuilds: string }): { path: string; files: string[] };
};

interface Library {
  file: string;
  needed: string[];
  versions?: string[];
  exported: string[];
  imported: { name: string; version?: string; isWeak?: boolean }[];
}
interface Others {
  files: string[];
  exported: Set<string>;
}
const directory = mkdtempSync(join(tmpdir(), "corrsynth-binaries-"));
afterAll(() => rmSync(directory, { recursive: true }));
const addon = fileURLToPath(new URL("../../build/Release/corrsynth.node", import.meta.url));

const library = (change: Partial<Library> = {}): Library => ({
  file: "corrsynth.node",
  needed: ["libcorrsynth-ggml.so", "libc.so.6"],
  versions: ["GLIBC_2.28", "GLIBCXX_3.4.25", "GCC_3.0"],
  exported: ["napi_register_module_v1"],
  imported: [
    { name: "napi_create_object" },
    { name: "malloc", version: "GLIBC_2.2.5" },
    { name: "ggml_init" },
    { name: "__gmon_start__", isWeak: true },
  ],
  ...change,
});
const others = { files: ["corrsynth.node", "libcorrsynth-ggml.so"], exported: new Set(["ggml_init"]) };
const glibc = { os: "linux", libc: "glibc" };

test.each<[string, Partial<Library>, string[]]>([
  ["as it should be", {}, []],
  [
    "a newer system",
    { versions: ["GLIBC_2.29", "GLIBC_2.4", "GLIBCXX_3.4.26", "CXXABI_1.3.12", "GLIBC_PRIVATE"] },
    ["GLIBC_2.29", "GLIBCXX_3.4.26", "CXXABI_1.3.12"].map(
      (name) => `corrsynth.node needs ${name}, more than is promised`,
    ),
  ],
  [
    "a library of the builder's",
    { needed: ["libgomp.so.1", "libm.so.6", "ld-linux-aarch64.so.1"] },
    ["corrsynth.node needs libgomp.so.1, which is neither in the package nor on every such machine"],
  ],
  [
    "the other C library",
    { needed: ["libc.musl-x86_64.so.1"] },
    ["corrsynth.node needs libc.musl-x86_64.so.1, which is neither in the package nor on every such machine"],
  ],
  [
    "a newer Node-API, and inner parts of Node",
    { imported: [{ name: "node_api_create_syntax_error" }, { name: "_ZN2v87Isolate10GetCurrentEv" }] },
    [
      "corrsynth.node needs node_api_create_syntax_error, which is not of Node-API 8",
      "corrsynth.node needs _ZN2v87Isolate10GetCurrentEv, which nothing has",
    ],
  ],
  ["no entry", { exported: [] }, ["corrsynth.node has no napi_register_module_v1"]],
])("a library's symbols are checked: %s", (_, change, problems) => {
  expect(symbolProblems(library(change), glibc, others)).toEqual(problems);
});

test("on musl symbols have no versions; on Windows names of libraries have no case", () => {
  const musl = library({ needed: ["libc.so"], versions: [], imported: [{ name: "malloc" }, { name: "napi_wrap" }] });
  expect(symbolProblems(musl, { os: "linux", libc: "musl" }, others)).toEqual([]);
  const windows = library({
    needed: ["node.exe", "KERNEL32.dll", "api-ms-win-crt-heap-l1-1-0.dll", "VCRUNTIME140.dll"],
  });
  expect(symbolProblems(windows, { os: "win32" }, others)).toEqual([
    "corrsynth.node needs VCRUNTIME140.dll, which is neither in the package nor on every such machine",
  ]);
});

test.runIf(process.platform === "linux")(
  "the addon that was compiled here is read, and told from another platform's",
  () => {
    copyFileSync(addon, join(directory, "corrsynth.node"));
    const own = `linux-${process.arch}`;
    const other = own === "linux-x64" ? "linux-arm64" : "linux-x64";
    for (const problem of binaryProblems(own, directory))
      expect(problem).toMatch(/^corrsynth\.node needs (GLIBC|GLIBCXX|CXXABI)_[\d.]+, more than is promised$/); // of a newer system
    expect(binaryProblems(other, directory)).toEqual([`corrsynth.node is ELF for ${process.arch}, expected ${other}`]);
    expect(binaryProblems("darwin-arm64", directory)).toHaveLength(1);
    writeFileSync(join(directory, "corrsynth.node"), "");
    expect(binaryProblems(own, directory)).toEqual([`corrsynth.node is no library for nothing, expected ${own}`]);
    rmSync(join(directory, "corrsynth.node"));
  },
);

/** The least that a library of Windows can be: one section, loaded at 0x1000, whose bytes begin at 0x200. */
function windowsLibrary(machine: number): Buffer {
  const bytes = Buffer.alloc(0x400);
  const header = 0x40;
  const optional = header + 24;
  bytes.write("MZ");
  bytes.writeUInt32LE(header, 0x3c);
  bytes.write("PE\0\0", header);
  bytes.writeUInt16LE(machine, header + 4);
  bytes.writeUInt16LE(1, header + 6); // sections
  bytes.writeUInt16LE(0xf0, header + 20); // bytes of the optional header
  bytes.writeUInt16LE(0x20b, optional);
  const section = optional + 0xf0;
  for (const [value, offset] of [
    [0x200, 8],
    [0x1000, 12],
    [0x200, 20],
  ] as const)
    bytes.writeUInt32LE(value, section + offset);
  const put = (value: number, address: number) => bytes.writeUInt32LE(value, address - 0x1000 + 0x200);
  const text = (value: string, address: number) => bytes.write(`${value}\0`, address - 0x1000 + 0x200);
  put(0x1000, optional + 112 + 0x1000 - 0x200); // the export table stands at 0x1000
  put(1, 0x1018);
  put(0x1040, 0x1020);
  put(0x1050, 0x1040);
  text("napi_register_module_v1", 0x1050);
  put(0x1080, optional + 120 + 0x1000 - 0x200); // the import table at 0x1080: one library, then zeros
  put(0x10e0, 0x1080);
  put(0x10c0, 0x108c);
  text("node.exe", 0x10c0);
  put(0x1100, 0x10e0); // a name, then one by its number
  put(0x80000000, 0x10ec);
  text("napi_wrap", 0x1102);
  return bytes;
}

test.each([
  [0x8664, "x64"],
  [0xaa64, "arm64"],
  [0x14c, "another processor"],
])("a library of Windows is read: processor, libraries, names (%i)", (machine, name) => {
  expect(readPe(windowsLibrary(machine))).toEqual({
    format: "PE",
    machine: name,
    needed: ["node.exe"],
    exported: ["napi_register_module_v1"],
    imported: [{ name: "napi_wrap" }],
  });
});

test("a package for musl says so to npm, and has its addon where node-gyp-build looks", () => {
  const prebuilds = join(directory, "prebuilds");
  mkdirSync(join(prebuilds, "linux-arm64-musl"), { recursive: true });
  writeFileSync(join(prebuilds, "linux-arm64-musl/corrsynth.node"), "an addon");
  const { path, files } = packPlatform("linux-arm64-musl", directory, { prebuilds });
  const manifest = execFileSync("tar", ["xzOf", path, "package/package.json"], { encoding: "utf8" });
  expect(JSON.parse(manifest)).toMatchObject({
    name: "@corrsynth/linux-arm64-musl",
    os: ["linux"],
    cpu: ["arm64"],
    libc: ["musl"],
  });
  expect(files).toContain("prebuilds/linux-arm64/corrsynth.node");
});
