// corrsynth build: compiles the addon on this machine, for machines that no prebuilt one fits, and for GPUs.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { BindingError, invalidField } from "../errors.js";
import { type Environment, exitCodes } from "./command.js";
import { integerFrom } from "./options.js";
import { printable } from "./terminal.js";

/** What compiles; lib/ and dist/ are both one level below the package. */
const script = fileURLToPath(new URL("../../scripts/compile.mjs", import.meta.url));
const onWindows = process.platform === "win32";
const gpus = ["cuda", "vulkan"];

interface Options {
  readonly gpu?: string;
  readonly jobs?: number;
}

export function buildCommand(environment: Environment, exit: (code: number) => void): Command {
  const { library, stdout } = environment;
  return new Command("build")
    .description("compile the addon on this machine, from the source in the package: needs cmake and a C++17 compiler")
    .option("--gpu <name>", "for these GPUs as well: cuda or vulkan, whose toolkit it needs")
    .option("--jobs <n>", "files to compile at once; by default one for each processor", integerFrom(1))
    .action(async ({ gpu, jobs }: Options) => {
      if (gpu !== undefined && !gpus.includes(gpu))
        throw invalidField("--gpu", `Expected cuda or vulkan, received ${JSON.stringify(gpu)}`);
      await compile(environment, {
        ...(gpu !== undefined && { CORRSYNTH_GPU: gpu }),
        ...(jobs !== undefined && { CORRSYNTH_JOBS: String(jobs) }),
      });
      const { addon, findings } = library.doctor();
      if (addon === null) throw new BindingError(`It was compiled, but does not load: ${findings.join("; ")}`);
      stdout.write(`${printable(addon)}\n`);
      exit(exitCodes.done);
    });
}

// What the tools print goes where everything but data goes.
function compile({ stderr, signal }: Environment, settings: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, ...settings },
      stdio: ["ignore", "pipe", "pipe"],
      detached: !onWindows, // a group of its own, so that the compilers end with it
    });
    const stop = () => (onWindows || child.pid === undefined ? child.kill() : process.kill(-child.pid, "SIGTERM"));
    signal.addEventListener("abort", stop, { once: true });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => stderr.write(text));
    child.on("error", fail);
    child.on("close", (code, killedBy) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) fail(signal.reason);
      else if (code === 0) done();
      else fail(new BindingError(`It was not compiled (${killedBy ?? `exit ${code}`}): what stands above says why`));
    });
  });
}
