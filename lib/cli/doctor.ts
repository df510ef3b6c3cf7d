// corrsynth doctor: what this machine offers, and what stands in the way of more.
import { Command } from "commander";
import type { Diagnosis } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { versions } from "./describe-run.js";
import { bytes, facts, printable } from "./terminal.js";

export function doctorCommand({ library, stdout }: Environment, exit: (code: number) => void): Command {
  return new Command("doctor")
    .description("say what this machine offers: the addon, devices, memory, and what stands in the way of more")
    .option("--json", "print it as JSON", false)
    .action((options: { json: boolean }) => {
      const found = library.doctor();
      const { corrsynth, llamaCpp } = versions();
      stdout.write(
        options.json
          ? `${JSON.stringify({ versions: { corrsynth, llamaCpp, node: process.version }, ...found }, null, 2)}\n`
          : describe(found, `${corrsynth} (llama.cpp ${llamaCpp.slice(0, 8)}, Node ${process.version})`),
      );
      exit(found.addon === null ? exitCodes.failed : exitCodes.done);
    });
}

function describe({ addon, devices, sampler, threads, memory, findings }: Diagnosis, version: string): string {
  const lines = facts([
    ["corrsynth", version],
    ["addon", addon === null ? "none that works" : printable(addon)],
    ["memory", bytes(memory)],
    ["threads", `${threads} by default`],
    ["sampler", sampler],
    ...devices.map(
      ({ name, description, backend, memoryFree, memoryTotal }, i) =>
        [
          i === 0 ? "devices" : "",
          `${printable(name)}: ${printable(description)} (${backend}, ${bytes(memoryFree)} of ${bytes(memoryTotal)} free)`,
        ] as const,
    ),
  ]);
  return lines + findings.map((finding) => `${printable(finding)}\n`).join("");
}
