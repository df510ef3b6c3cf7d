// corrsynth build, with tools that are not there, that fail, and that never end.
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Stopped } from "../../lib/cli/command.js";
import { runCli } from "../../lib/cli/program.js";
import { Memory } from "./environment.js";

const { PATH } = process.env;
let tools: string;
beforeEach(async () => {
  tools = await mkdtemp(join(tmpdir(), "corrsynth-build-"));
  process.env.PATH = tools;
});
afterEach(async () => {
  process.env.PATH = PATH;
  await rm(tools, { recursive: true });
});

/** Programs that answer to --version, and else do what is said. */
async function provide(programs: Record<string, string>): Promise<void> {
  for (const [name, does] of Object.entries(programs)) {
    await writeFile(join(tools, name), `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${does}\n`);
    await chmod(join(tools, name), 0o755);
  }
}

async function build(args: readonly string[] = [], signal = new AbortController().signal) {
  const stdout = new Memory();
  const stderr = new Memory();
  const library = {} as never;
  const code = await runCli(["build", ...args], { library, stdout, stderr, signal, now: () => 0 });
  return { code, stdout: stdout.text, stderr: stderr.text };
}

describe.skipIf(process.platform === "win32")("corrsynth build", () => {
  it.each<[there: Record<string, string>, missing: string]>([
    [{}, "cmake, a C++17 compiler, make"],
    [{ cmake: "", make: "" }, "a C++17 compiler"],
    [{ cmake: "", "clang++": "" }, "make"],
    [{ "g++": "", ninja: "" }, "cmake"],
  ])("with %o on the PATH says what is missing", async (there, missing) => {
    await provide(there);
    const { code, stdout, stderr } = await build();
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(`Missing to compile corrsynth: ${missing}. Install with\n`);
    expect(stderr).toContain(
      "corrsynth: It was not compiled (exit 1): what stands above says why (CORRSYNTH_BINDING)\n",
    );
  });

  it("refuses a GPU that it does not know, before anything runs", async () => {
    const { code, stderr } = await build(["--gpu", "rocm"]);
    expect([code, stderr]).toEqual([
      2,
      'corrsynth: --gpu: Expected cuda or vulkan, received "rocm" (CORRSYNTH_INVALID_CONFIG)\n',
    ]);
  });

  it("shows what the tools print, and ends as they do", async () => {
    await provide({ cmake: 'echo "no $CORRSYNTH_GPU here, $CORRSYNTH_JOBS jobs"; exit 7', make: "", "g++": "" });
    const { code, stderr } = await build(["--gpu", "vulkan", "--jobs", "3"]);
    expect(code).toBe(1);
    expect(stderr).toContain("no vulkan here, 3 jobs\n");
    expect(stderr).toContain("It was not compiled (exit 1)");
  });

  it("ends the compilers when it is stopped", async () => {
    const running = join(tools, "running");
    const never = `fs.writeFileSync("${running}", ""); setInterval(() => {}, 1e9)`;
    await provide({ cmake: `${process.execPath} -e '${never}'`, make: "", "g++": "" });
    const stop = new AbortController();
    const built = build([], stop.signal);
    while (!existsSync(running)) await new Promise((resolve) => setTimeout(resolve, 20));
    stop.abort(new Stopped("SIGTERM"));
    const { code, stderr } = await built; // the end of its output, which whoever is left would hold open
    expect(code).toBe(143);
    expect(stderr.split("\n").slice(-2)).toEqual(["corrsynth: stopped by SIGTERM; the same command starts over", ""]);
  });
});
