// corrsynth plan TASK: what a run will cost, without generating anything.
import { Command } from "commander";
import type { Plan, Teacher } from "../index.js";
import { type Environment, exitCodes } from "./command.js";
import { progressOption } from "./options.js";
import type { ProgressMode } from "./paced.js";
import { bytes, duration, facts, grouped, printable, remarks, strengthFacts } from "./terminal.js";
import { showWaiting } from "./waiting.js";
import { withTask } from "./with-task.js";

interface Options {
  readonly json: boolean;
  readonly progress: ProgressMode;
}

export function planCommand(environment: Environment, exit: (code: number) => void): Command {
  return new Command("plan")
    .description("say what a run will cost; generates nothing")
    .argument("<task>", "task file, YAML or JSON")
    .option("--json", "print the plan as JSON", false)
    .addOption(progressOption())
    .action(async (file: string, options: Options) => {
      await plan(environment, file, options);
      exit(exitCodes.done);
    });
}

async function plan(environment: Environment, file: string, { json, progress }: Options): Promise<void> {
  const { library, stdout, stderr, now } = environment;
  const waiting = showWaiting(progress, "plan", stderr, now);
  await withTask(environment, file, progress, async ({ settings }, teacher) => {
    waiting.stage("reading and writing a few hundred tokens, to measure how fast the model is");
    const found = await library.plan(teacher, settings).finally(waiting.end);
    stdout.write(json ? `${JSON.stringify(found, null, 2)}\n` : describe(found, teacher));
  });
}

// Texts are seldom as long as they may be.
function time({ seconds, likelySeconds, promptSeconds }: Plan): string {
  const likely = likelySeconds === null ? "" : `about ${duration(likelySeconds)} with texts as long as the seeds, `;
  const most = `at most ${duration(seconds)}, ${duration(promptSeconds)} of it for prompts`;
  return `${likely}${most}, if no row is rejected: twice that where preview rejects every other one`;
}

function checkText({ tokens, calibrationTokens, seconds }: NonNullable<Plan["check"]>): string {
  if (tokens === 0) return "by a student: the teacher reads nothing for it";
  const before = calibrationTokens === 0 ? "" : ` and ${grouped(calibrationTokens)} before, to calibrate it`;
  return `${grouped(tokens)} tokens are read for it${before}: ${duration(seconds)} of the time below`;
}

function secondText({ info, rows, kvBytes, timeShare }: NonNullable<Plan["second"]>): string {
  const size = `${grouped(info.parameters / 1e6)} M parameters, ${bytes(info.sizeBytes)} and ${bytes(kvBytes)} of context`;
  const share = `${Math.round(100 * timeShare)} % of the time to write`;
  return `${printable(info.name)} (${size}), ${grouped(rows)} rows a group, ${share}`;
}

function layersText(layers: Plan["layers"], { layers: blocks }: Teacher["info"]): string {
  const choice = layers.length === 1 ? "" : ", at each token the one farthest from the last";
  return `${layers.join(", ")} of ${blocks}${choice}`;
}

const endsTexts: Readonly<Record<Plan["ends"], string>> = {
  contrasted: "contrasted: drawn like any other token",
  kept: "kept: as likely as the teacher has them",
};

function describe(plan: Plan, { info }: Teacher): string {
  const size = `${grouped(info.parameters / 1e6)} M parameters, ${bytes(info.sizeBytes)}`;
  const [longest, tokens] = Object.entries(plan.longestPrompts).reduce((a, b) => (b[1] > a[1] ? b : a));
  const lines = facts([
    ["teacher", printable(info.name)],
    ["model", `${printable(info.architecture)}, ${size}`],
    ["rows per group", `${grouped(plan.rows)} that generate, ${grouped(plan.contrastRows)} that only follow`],
    ["labels per group", `${grouped(plan.labelsPerGroup)} of ${grouped(Object.keys(plan.longestPrompts).length)}`],
    ...strengthFacts(plan.strength),
    ["ends", endsTexts[plan.ends]],
    ["groups", `${grouped(plan.groups)}, up to ${grouped(plan.groupsInFlight)} at a time, threads: ${plan.threads}`],
    ...(plan.second === null ? [] : [[plan.second.role, secondText(plan.second)] as const]),
    ...(plan.layers.length === 0 ? [] : [["early layers", layersText(plan.layers, info)] as const]),
    ["context", `${grouped(plan.contextSize)} tokens a row, ${bytes(plan.kvBytes)} in all`],
    ["longest prompt", `${grouped(tokens)} tokens (${printable(longest)})`],
    ["prompt tokens", `${grouped(plan.promptTokens)}, of which ${grouped(plan.promptTokensToRead)} are read`],
    ["tokens to write", `at most ${grouped(plan.tokensToDecode)}`],
    ...(plan.check === null ? [] : [["label check", checkText(plan.check)] as const]),
    ["time", time(plan)],
  ]);
  return lines + remarks(plan);
}
