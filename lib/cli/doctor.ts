// corrsynth doctor: what this machine offers, and what stands in the way of more.
import { Command } from "commander";
import { invalidField } from "../errors.js";
import type { Diagnosis, Trial } from "../index.js";
import { versions } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { bytes, facts, grouped, printable } from "./terminal.js";

export function doctorCommand({ library, stdout, signal }: Environment, exit: (code: number) => void): Command {
  return new Command("doctor")
    .description("say what this machine offers: the addon, devices, memory, and what stands in the way of more")
    .option("--model <file>", "try a model, in a process of its own: it is loaded and writes a few tokens")
    .option("--second <file>", "with --model: a second model beside it, as amateur or guide: has it the same tokens?")
    .option("--json", "print it as JSON", false)
    .action(async (options: { json: boolean; model?: string; second?: string }) => {
      const { model, second } = options;
      if (second !== undefined && model === undefined) {
        throw invalidField("--second", "Expected --model beside it, received none");
      }
      const found = library.doctor();
      const trial = model === undefined ? undefined : await library.tryTeacher(model, { signal, second });
      const { corrsynth, llamaCpp } = versions();
      stdout.write(
        options.json
          ? `${JSON.stringify({ versions: { corrsynth, llamaCpp, node: process.version }, ...found, trial }, null, 2)}\n`
          : describe(found, `${corrsynth} (llama.cpp ${llamaCpp.slice(0, 8)}, Node ${process.version})`) +
              (trial === undefined ? "" : describeTrial(trial)),
      );
      exit(found.addon === null ? exitCodes.failed : exitCodes.done);
    });
}

const deciders: Readonly<Record<Diagnosis["processors"]["decidedBy"], string>> = {
  machine: "all that the machine has",
  affinity: "those that this process is bound to",
  quota: "the CPU quota of its container or control group",
};

function describe(
  { addon, devices, sampler, threads, processors, memory, findings }: Diagnosis,
  version: string,
): string {
  const lines = facts([
    ["corrsynth", version],
    ["addon", addon === null ? "none that works" : printable(addon)],
    ["memory", bytes(memory)],
    ["threads", `${threads} by default, of ${processorsOf(processors)} (${deciders[processors.decidedBy]})`],
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

function processorsOf({ count, cores }: Diagnosis["processors"]): string {
  return cores === count ? `${count} processors` : `${count} processors on ${cores} cores`;
}

function describeTrial({ second, ...trial }: Trial): string {
  if (second === undefined) return describeModel(trial);
  const { difference } = second;
  const tokens = difference === "" ? "the same: it can be amateur or guide" : `others: ${printable(difference)}`;
  return describeModel(trial) + describeModel(second) + facts([["its tokens", tokens]]);
}

function describeModel({ info, text, secondsToLoad }: Trial): string {
  const { path, description, architecture, parameters, sizeBytes, vocabulary, contextTrain, hasChatTemplate } = info;
  return facts([
    ["model", printable(path)],
    ["", `${printable(description)} (${printable(architecture)}), ${bytes(sizeBytes)}`],
    ["", `${grouped(parameters)} parameters, ${grouped(vocabulary)} tokens, context of ${grouped(contextTrain)}`],
    ["", `${hasChatTemplate ? "has a" : "has no"} chat template; loaded in ${secondsToLoad.toFixed(1)} s`],
    ["it wrote", JSON.stringify(printable(text))],
  ]);
}
