// corrsynth doctor: what this machine offers, and what stands in the way of more.
import { Command, InvalidArgumentError } from "commander";
import { invalidField } from "../errors.js";
import type { Diagnosis, ResolvedSpec, Trial, TrialOptions } from "../index.js";
import { modelsBeside, versions } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { modelSource } from "./fetch-model.js";
import { readTaskFile } from "./task-file.js";
import { bytes, facts, grouped, printable } from "./terminal.js";

interface Options {
  readonly json: boolean;
  readonly model?: string;
  readonly second?: string;
  readonly layers?: Layers;
  readonly task?: string;
}
type Layers = NonNullable<TrialOptions["layers"]>;

export function doctorCommand(environment: Environment, exit: (code: number) => void): Command {
  const { library, stdout, signal } = environment;
  return new Command("doctor")
    .description("say what this machine offers: the addon, devices, memory, and what stands in the way of more")
    .option("--model <file>", "try a model, in a process of its own: it is loaded and writes a few tokens")
    .option("--second <file>", "with --model: a second model beside it, as amateur or guide: has it the same tokens?")
    .option("--layers <list>", "with --model: early layers to read, as dola has them: low, high or numbers", layerList)
    .option("--task <file>", "try what a task asks for: its teacher, its second model and its early layers")
    .option("--json", "print it as JSON", false)
    .action(async (options: Options) => {
      const subject = await subjectOf(environment, options);
      const found = library.doctor();
      const trial = subject === undefined ? undefined : await library.tryTeacher(subject.model, { ...subject, signal });
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

interface Subject extends Pick<TrialOptions, "second" | "layers" | "device"> {
  readonly model: string;
}

// What is tried; undefined: nothing but the machine.
async function subjectOf(environment: Environment, options: Options): Promise<Subject | undefined> {
  const { model, second, layers, task } = options;
  for (const name of ["model", "second", "layers"] as const) {
    if (task === undefined || options[name] === undefined) continue;
    throw invalidField(`--${name}`, "Expected none with --task, which says it: leave one out");
  }
  if (task !== undefined) return await subjectOfTask(environment, task);
  if (model !== undefined) return { model, second, layers };
  for (const name of ["second", "layers"] as const) {
    if (options[name] !== undefined) throw invalidField(`--${name}`, "Expected --model beside it, received none");
  }
  return undefined;
}

async function subjectOfTask(environment: Environment, file: string): Promise<Subject> {
  const { library } = environment;
  const task = await readTaskFile(file);
  try {
    const { spec } = await library.checkTask(task.spec, task.device);
    const at = (source: string) => modelSource(environment, source, "auto");
    const second = modelsBeside(spec)["amateur.model"] ?? modelsBeside(spec)["guide.model"];
    return {
      model: await at(task.teacher),
      second: second === undefined ? undefined : await at(second),
      layers: layersOfTask(spec),
      device: task.device,
    };
  } catch (error) {
    throw task.locate(error);
  }
}

// What the method states, for whichever model is tried.
function layersOfTask({ method }: ResolvedSpec): Layers | undefined {
  if (method.name === "dola") return method.layers;
  return "dola" in method && method.dola !== undefined && method.dola.weight > 0 ? method.dola.layers : undefined;
}

function layerList(text: string): Layers {
  if (text === "low" || text === "high") return text;
  const layers = text.split(",").map((number) => (/^ *[1-9]\d{0,5} *$/.test(number) ? Number(number) : Number.NaN));
  if (layers.every((layer) => layer > 0) && new Set(layers).size === layers.length) return layers;
  throw new InvalidArgumentError(
    'Expected "low", "high", or numbers of 1 or more with commas between them, each once.',
  );
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

function describeTrial(trial: Trial): string {
  const { second, layers } = trial;
  const own = describeModel(trial) + (layers === undefined ? "" : facts([["its layers", layersText(layers)]]));
  if (second === undefined) return own;
  const { difference } = second;
  const tokens = difference === "" ? "the same: it can be amateur or guide" : `others: ${printable(difference)}`;
  return own + describeModel(second) + facts([["its tokens", tokens]]);
}

function layersText({ candidates, problem }: NonNullable<Trial["layers"]>): string {
  return problem === "" ? `${candidates.join(", ")} can be read: dola can have them` : printable(problem);
}

function describeModel({ info, text, secondsToLoad }: Omit<Trial, "second" | "layers">): string {
  const { path, description, architecture, parameters, sizeBytes, vocabulary, contextTrain, hasChatTemplate } = info;
  return facts([
    ["model", printable(path)],
    ["", `${printable(description)} (${printable(architecture)}), ${bytes(sizeBytes)}`],
    ["", `${grouped(parameters)} parameters, ${grouped(vocabulary)} tokens, context of ${grouped(contextTrain)}`],
    ["", `${hasChatTemplate ? "has a" : "has no"} chat template; loaded in ${secondsToLoad.toFixed(1)} s`],
    ["it wrote", JSON.stringify(printable(text))],
  ]);
}
