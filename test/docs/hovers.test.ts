// What an editor shows to who imports the package: each field of a task with its doc comment, which stands at its
// definition alone.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const consumer = join(root, "dist/consumer.ts"); // only in the service's memory

const program = `
import { hybrid, type DeviceOptions, type ResolvedSpec, type SynthesisSpec } from "./index.js";
const written = {
  labels: ["a", ["b", "B"]],
  stop: ["x"],
  styles: { style: ["a", "b"] },
  weights: [[0, 1], [1, 0]],
} as const;
export const spec: SynthesisSpec = {
  labels: written.labels,
  prompt: { instruction: "i", answer: "a", shots: undefined, format: "raw", separator: "s", system: "s",
    withoutContext: "w" },
  seeds: new Set([{ text: "t", label: "a" }]),
  attributes: written.styles,
  contexts: "c.jsonl",
  method: { name: "matrix", repeat: 1, gamma: 1, weights: written.weights },
  count: { a: 1, b: 2 },
  sampling: { topP: 1, topK: 1, plausibility: 1, temperature: 1, maxTokens: 1, stop: written.stop, seed: 1n, warmUp: 1,
    contrastTokens: 2, ends: "kept", logprobs: true, contrastNorms: true },
  filters: { unfinished: "cut", minTokens: 1, maxWords: 1, nearDuplicates: false,
    reject: [{ name: "n", pattern: "p", flags: "i" }], accept: ({ text }) => text !== "" || "empty" },
  engine: { contextSize: undefined, groups: "auto", reproducible: true, promptReuse: 1, threads: 1, batchSize: 1,
    kvType: "f16", flashAttention: true },
  limits: { maxGroups: 1 },
};
export const device: DeviceOptions = { gpu: "auto", gpuLayers: 1, mainGpu: 0, splitMode: "layer", tensorSplit: [], mmap: true,
  rpcServers: [] };
export const method = hybrid({ intra: 0.5, cross: 0.1 });
export const read = ({ sampling: { topP: mass }, prompt: { system: message }, method: { name: kind } }: ResolvedSpec) =>
  [mass, message, kind] satisfies [number, string | undefined, string];
`;

let service: ts.LanguageService;
beforeAll(() => {
  const files = new Map([[consumer, program]]);
  const text = (file: string) => files.get(file) ?? ts.sys.readFile(file);
  service = ts.createLanguageService({
    getScriptFileNames: () => [consumer],
    getScriptVersion: () => "1",
    getScriptSnapshot: (file) => {
      const content = text(file);
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => ({
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
    }),
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    fileExists: (file) => files.has(file) || ts.sys.fileExists(file),
    readFile: text,
  });
});

function hover(position: number): string {
  return ts.displayPartsToString(service.getQuickInfoAtPosition(consumer, position)?.documentation);
}

// Fields as they are written above: a name and a colon, behind a brace, a comma or a line's beginning.
const fields = [...program.matchAll(/(?<=[{,]\s*|^\s+)(\w+):/gm)].map(({ 1: name, index }) => ({ name: name!, index }));

describe("an editor", () => {
  it("takes what is readonly, left out as undefined, or for the API alone", () => {
    const found = service.getSemanticDiagnostics(consumer);
    expect(found.map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"))).toEqual([]);
  });

  it("shows a comment for each field", () => {
    expect(fields.length).toBeGreaterThan(50);
    // names of the test's own, some of which are also a field's
    const own = ["text", "label", "a", "b", "styles", "style", "labels", "stop", "weights"];
    const silent = fields.filter(({ name, index }) => !own.includes(name) && hover(index) === "");
    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it.each([
    ["labels: written", /^Name to verbalization, a list of names/],
    ["topP: 1", /^Mass of the nucleus, in \(0, 1\]; default 0\.9\.$/],
    ["weights: written", /^γ_mn as `weights\[m\]\[n\]`/],
    ["flags:", /^Of i, m, s; default ""\. Patterns see code points\.$/],
    ["accept:", /^In the API only: your own word/],
    ["stop: written", /^Texts that end an instance/],
    ["intra: 0.5", /^γ_intra in 0/],
    ["splitMode:", /^What several GPUs do with a model/],
    ["topP: mass", /^Mass of the nucleus/],
    ["system: message", /^System message/],
  ])("of %s the one at its definition", (field, comment) => {
    expect(hover(program.indexOf(field))).toMatch(comment);
  });
});

it("a field without a comment fails the build", async () => {
  const directory = await mkdtemp(join(tmpdir(), "corrsynth-docs-"));
  try {
    const file = join(directory, "spec.d.ts");
    const lines = ["/** Told. */", "a: { b: 1 };", "c: {", "/** Told, see {@link Spec}. */", "d: 1;", "}[];"];
    await writeFile(file, `export interface Spec {\n${lines.join("\n")}\n}`);
    const { describeFields } = (await import(join(root, "scripts/doc-comments.mjs"))) as {
      describeFields(interfaces: { schema: object; file: string; name: string }[]): void;
    };
    const d = { type: "number", description: "" };
    const schema = { properties: { a: { properties: { b: {} } }, c: { items: { properties: { d } } } } };
    const message = "Expected a doc comment on every field, received none on a.b, c";
    expect(() => describeFields([{ schema, file, name: "Spec" }])).toThrow(message);
    expect(d.description).toBe("Told, see Spec.");
  } finally {
    await rm(directory, { recursive: true });
  }
});
