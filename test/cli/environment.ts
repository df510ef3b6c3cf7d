// A command-line environment without a process: a library that needs no model, and streams that remember.
import type { Environment, Library } from "../../lib/cli/command.js";
import { runCli } from "../../lib/cli/program.js";
import type { Output } from "../../lib/cli/terminal.js";
import type {
  Instance,
  Preview,
  PreviewRow,
  Progress,
  Report,
  RunOptions,
  SynthesisSpec,
  SynthesizeToOptions,
  Teacher,
  TrialOptions,
} from "../../lib/index.js";
import { checkTask } from "../../lib/run/check-task.js";
import { rejectedRow } from "../../lib/run/rejected-row.js";
import { saveSynthesis } from "../../lib/store/synthesize-to.js";
import { resolveSpec } from "../../lib/task/spec.js";

export class Memory implements Output {
  text = "";
  columns = 100;
  constructor(readonly isTty = false) {}
  write(text: string): void {
    this.text += text;
  }
}

/** What a preview may come to: two prompts, one of which two rows have, and a row of a further group. */
export function previewed(changes: Partial<Preview> = {}): Preview {
  const ofRow = (row: Partial<PreviewRow>): PreviewRow => ({
    ...{ id: "0.0", label: "animal", group: 0, repeat: 0, prompt: 0, tokens: 3, ending: "stop", stop: "\n" },
    ...{ written: "a text", text: "a text", fate: "accepted", ...row },
  });
  const evil = "evil\u001b[2Jtext";
  const prompt = (label: string, text: string) => ({ label, text, parts: [{ text }] });
  return {
    format: "raw",
    prompts: [
      prompt("animal", "Definition of an animal: x\nDefinition of an animal:"),
      prompt("plant", "Definition of a plant:"),
      prompt("animal", "Definition of an animal: y\nDefinition of an animal:"),
    ],
    rows: [
      ofRow({ written: ` "${evil}" and`, text: evil, labelProbability: 0.7 }),
      ofRow({ id: "0.1", repeat: 1, fate: "surplus" }),
      ofRow({
        ...{ id: "0.2", label: "plant", prompt: 1, written: "a rod\u001bent\nall of it", text: "a rod" },
        ...{ fate: "rejected", reason: "label", takenFor: "an\u0007imal" },
      }),
      ofRow({ id: "1.0", group: 1, prompt: 2, written: "", text: "", fate: "rejected", reason: "empty" }),
    ],
    instances: [instance({ text: evil, labelProbability: 0.7 })],
    rejected: [{ ...rejectedRow(instance({ label: "plant", text: "a rod" }), "label"), takenFor: "an\u0007imal" }],
    endings: { eos: 0, stop: 4, length: 0 },
    stops: { "\n": 4, "##": 0 },
    proposedStops: [],
    collapse: { texts: 3, selfBleu: 0.123, distinct2: null },
    seedCollapse: { texts: 16, selfBleu: 0.1, distinct2: 0.9 },
    strength: { own: 1, label: 0.5, common: 0.4, totalContrast: 0.6, matchedTemperature: 2.5 },
    warnings: ["an open\u0007 tag"],
    notes: ["a brand's\u0007 text"],
    advice: ["stop at\u0007"],
    ...changes,
  };
}

export function instance(fields: Partial<Instance>): Instance {
  return {
    id: "0.0",
    text: "a text",
    label: "animal",
    group: 0,
    repeat: 0,
    examples: [],
    tokens: 3,
    ending: "stop",
    seed: 7,
    ...fields,
  };
}

export function progress(fields: Partial<Progress>): Progress {
  return {
    labels: { animal: { wanted: 4, accepted: 1 }, plant: { wanted: 4, accepted: 2 } },
    accepted: 3,
    wanted: 8,
    rejected: 0,
    groups: 1,
    groupsInFlight: 2,
    generatedTokens: 100,
    decodedTokens: 100,
    promptTokens: 50,
    seconds: 2,
    tokensPerSecond: 1234.4,
    promptsRead: null,
    secondsLeft: 75,
    warnings: [],
    ...fields,
  };
}

/** The report of a run that made one row a label. */
export function report(names: readonly string[]): Report {
  return {
    labels: Object.fromEntries(names.map((name) => [name, { wanted: 1, accepted: 1, surplus: 0, rejected: {} }])),
    quotaMet: true,
    groups: 1,
    steps: 3,
    generatedTokens: 6,
    decodedTokens: 6,
    promptTokens: 10,
    prefilledTokens: 10,
    sampler: "cpu",
    bytesToHost: 0,
    setupSeconds: 0.1,
    seconds: 0.5,
    tokensPerSecond: 12,
    prefillSeconds: 0.1,
    decodeSeconds: 0.3,
    samplerSeconds: 0.01,
    secondModelSeconds: 0,
    checkSeconds: 0,
    uncontrastedShare: 0,
    partlyContrastedShare: 0,
    stops: {},
    warnings: [],
  };
}

export interface FakeOptions {
  /** What every run yields; default one instance a label. */
  readonly instances?: readonly Instance[];
  /** Thrown after the instances. */
  readonly error?: unknown;
  readonly isTty?: boolean;
  /** Functions of the library that are not to be fakes. */
  readonly library?: Partial<Library>;
}

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of the library, in order; a teacher's close is "close". */
  readonly calls: readonly string[];
  readonly specs: readonly SynthesisSpec[];
}

/** Runs a command line against a library that generates nothing. */
export async function cli(args: readonly string[], options: FakeOptions = {}): Promise<Outcome> {
  const calls: string[] = [];
  const specs: SynthesisSpec[] = [];
  const stop = new AbortController();
  const teacher = {
    info: {
      path: "/models/t.gguf",
      name: "a\u001b[31mteacher",
      architecture: "llama",
      pooling: "last",
      parameters: 2.8e6,
      sizeBytes: 3.1e6,
      devices: [],
    },
    sha256: async () => "00ff",
    embed: async (texts: readonly string[]) => texts.map((text) => Float32Array.of(1, text.length)),
    close: async () => void calls.push("close"),
  };
  const makers = {
    synthesize: (_: unknown, spec: SynthesisSpec, { onProgress, onGroup }: RunOptions) => {
      calls.push("synthesize");
      specs.push(spec);
      const resolved = resolveSpec(spec);
      const instances =
        options.instances ?? resolved.labels.map(({ name }) => instance({ label: name, text: `one ${name}` }));
      async function* iterate() {
        for (const group of new Set(instances.map((instance) => instance.group))) {
          const members = instances.filter((instance) => instance.group === group);
          yield* members;
          const labels = resolved.labels.map(({ name }) => {
            const accepted = members.filter(({ label }) => label === name).length;
            return { accepted, surplus: 0, rejected: {} };
          });
          await onGroup?.({ group, instances: members, labels });
        }
        onProgress?.(progress({}));
        if (options.error !== undefined) {
          if (options.error instanceof Error && options.error.name === "Stopped") stop.abort(options.error);
          throw options.error;
        }
      }
      const finished =
        options.error === undefined
          ? Promise.resolve(report(resolved.labels.map(({ name }) => name)))
          : Promise.reject(options.error);
      finished.catch(() => undefined);
      return { spec: resolved, finished, [Symbol.asyncIterator]: iterate };
    },
  };
  const loadTeacher = async (source: string, device: object = {}) => {
    const where = Object.keys(device).length > 0 ? ` ${JSON.stringify(device)}` : "";
    calls.push(`load ${source}${where}`);
    return teacher;
  };
  const library = {
    checkTask,
    doctor: () => ({
      addon: "/addon/corrsynth.node",
      devices: [
        {
          name: "CPU",
          description: "a \u001b[31mprocessor",
          backend: "cpu",
          isGpu: false,
          memoryFree: 8e9,
          memoryTotal: 16e9,
        },
      ],
      sampler: "cpu" as const,
      threads: 3,
      processors: { count: 4, cores: 3, decidedBy: "quota" as const },
      memory: 16e9,
      findings: ["No GPU was found"],
    }),
    tryTeacher: async (source: string, { second, layers }: TrialOptions = {}) => {
      const beside = [...(second === undefined ? [] : [second]), ...(layers === undefined ? [] : [`layers ${layers}`])];
      calls.push(["try", source, ...beside].join(" "));
      const info = { ...teacher.info, parameters: 2_800_000, vocabulary: 3072, contextTrain: 512, description: "tiny" };
      const trial = { info: { ...info, path: source }, text: "a \u001b[31mtext", secondsToLoad: 0.25 };
      return {
        ...trial,
        ...(layers === undefined
          ? {}
          : { layers: { candidates: [2, 4], problem: layers === "low" ? "no \u0007" : "" } }),
        ...(second === undefined ? {} : { second: { ...trial, difference: "" } }),
      };
    },
    loadTeacher,
    loadEmbedder: loadTeacher,
    synthesizeTo: (path: string, given: Teacher, spec: SynthesisSpec, to: SynthesizeToOptions) =>
      saveSynthesis(makers as unknown as Parameters<typeof saveSynthesis>[0], path, given, spec, to),
    plan: async () => ({
      rows: 4,
      contrastRows: 0,
      labelsPerGroup: 2,
      strength: { own: 1.5, label: 1.5, common: 1, totalContrast: 0.5, matchedTemperature: 1 },
      ends: "contrasted",
      groups: 25,
      groupsInFlight: 3,
      contextSize: 256,
      kvBytes: 11_796_480,
      threads: 2,
      longestPrompts: { animal: 50, plant: 61 },
      promptTokens: 4000,
      promptTokensToRead: 3000,
      tokensToDecode: 4800,
      check: { tokens: 1200, calibrationTokens: 300, seconds: 12 },
      second: null,
      layers: [],
      seconds: 71,
      likelySeconds: null,
      promptSeconds: 20,
      warnings: ["few\u0007 seeds"],
      notes: ["reasoning is\u0007 off"],
    }),
    preview: async (_: unknown, __: unknown, { rows }: { rows: number }) => {
      calls.push(`preview ${rows}`);
      return previewed();
    },
    previewBoth: async () => ({ raw: previewed(), chat: { refused: "no template\u0007: give one" } }),
  };
  const { library: changed } = options;
  const stdout = new Memory();
  const stderr = new Memory(options.isTty);
  const environment: Environment = {
    library: { ...(library as unknown as Library), ...changed },
    stdout,
    stderr,
    signal: stop.signal,
    now: () => 0,
  };
  const code = await runCli(args, environment);
  return { code, stdout: stdout.text, stderr: stderr.text, calls, specs };
}
