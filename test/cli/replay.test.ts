// corrsynth replay: what it asks of the library, what it shows, and that nothing of a row reaches the terminal as more than text.
import { describe, expect, it } from "vitest";
import { NotReproducibleError, type Replay, type ReplayOptions, type TokenTrace } from "../../lib/index.js";
import { cli, type Outcome } from "./environment.js";

const evil = "a\u001b[2Jb\u202ec";

const token = (fields: Partial<TokenTrace>): TokenTrace => ({
  ...{ token: 5, text: " dog", own: 0.5, contrasted: 0.25, drawn: 0.3, exponent: 1, temperature: 1, logScale: 0 },
  ...{ isKeptEnd: false, plausible: 9, nucleus: 4, pushes: [], strongest: null, likelyOwn: [], likelyContrasted: [] },
  ...fields,
});

const trace = [
  token({
    pushes: [
      { row: 1, weight: 0.25, nats: 0.5 },
      { row: 4, weight: 0.25, nats: -1.25 },
    ],
    strongest: 4,
    likelyOwn: [{ token: 7, text: "x\u001b", own: 0.75, contrasted: 0.125 }],
    likelyContrasted: [{ token: 8, text: "y", own: 0.0004, contrasted: 0.0625 }],
  }),
  token({ text: evil, own: 0.0004, contrasted: 0 }),
  token({ text: "", isKeptEnd: true }),
];

const replayed = (fields: Partial<Replay> = {}): Replay => ({
  ...{ id: "0.2", directory: "run", group: 0, row: 2, label: `dog${evil}`, repeat: 0, method: "cross" },
  strength: { own: 1.5, label: 1.5, common: 1, totalContrast: 0.5, matchedTemperature: 1 },
  ...{ prompt: `About ${evil}\nanswer:`, examples: ["s1"], text: evil, kept: "b", reason: null, tokens: 3 },
  ...{ ending: "stop", trace: null, stored: null, isSame: null, doubts: [], decision: null, withoutContrast: null },
  partners: [
    { row: 1, kind: "row", label: `cat${evil}`, repeat: 0, id: "0.1", text: evil },
    { row: 4, kind: "prompt", label: "bird", repeat: 0 },
  ],
  ...fields,
});

const stored = { text: evil, label: "dog", repeat: 0, tokens: 3, ending: "stop" } as const;

async function replay(args: readonly string[], found = replayed()): Promise<Outcome & { asked: unknown[] }> {
  const asked: unknown[] = [];
  const replayRow = async (directory: string, id: string, { signal, ...options }: ReplayOptions) => {
    asked.push([directory, id, options, signal instanceof AbortSignal]);
    return found;
  };
  return { ...(await cli(["replay", ...args], { library: { replayRow } as never })), asked };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
const harmful = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/;

describe("corrsynth replay", () => {
  it("asks for what was asked of it", async () => {
    const plain = { withoutContrast: false, trace: false, likely: 0, teacher: undefined };
    expect((await replay(["run", "0.2"])).asked).toEqual([["run", "0.2", plain, true]]);
    const all = [
      "--without-contrast",
      "--trace",
      "--likely",
      "5",
      "--teacher",
      "t.gguf",
      "--seeds",
      "s",
      "--contexts",
      "c",
    ];
    const given = { withoutContrast: true, trace: true, likely: 5, teacher: "t.gguf", seeds: "s", contexts: "c" };
    expect((await replay(["run", "0.2", ...all])).asked).toEqual([["run", "0.2", given, true]]);
    const [[, , { likely }]] = (await replay(["run", "0.2", "--json"])).asked as [[string, string, { likely: number }]];
    expect(likely).toBe(3);
  });

  it("shows the row, its tokens, and the row without contrast, with nothing that moves a cursor", async () => {
    const other = { text: "plain", kept: null, reason: "short", tokens: 1, ending: "eos", trace: [token({})] } as const;
    const decision = { row: "0.2", rejected: false, label: `x${evil}`, text: evil };
    const found = replayed({ trace, decision, withoutContrast: other, stored, isSame: true });
    const { code, stdout, stderr } = await replay(["run", "0.2", "--trace"], found);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).not.toMatch(harmful);
    for (const line of [
      "3 tokens, stop, the same as in the run",
      "of which the filters left\n    b\n",
      '" dog"',
      "50.0 %",
      "−0.75    −1.25", // of both partners, of the one that did most
      "prompt of bird",
      "ends by itself",
      "(end)",
      "4e-2 %",
      "without contrast: 1 token, eos, refused as short",
    ])
      expect(stdout).toContain(line);
  });

  it.each<[string, Partial<Replay>, string]>([
    ["accepted", { stored }, "accepted"],
    ["rejected", { stored: { ...stored, reason: "label", takenFor: "cat" } }, "rejected as label, taken for cat"],
    ["not kept", {}, "the run kept nothing of it"],
  ])("says of a row that it was %s", async (_, fields, standing) => {
    expect((await replay(["run", "0.2"], replayed(fields))).stdout).toContain(standing);
  });

  it("ends with 2 where the row is not the same, shows both texts, and says why that may be", async () => {
    const found = replayed({
      stored: { ...stored, text: `then ${evil}` },
      isSame: false,
      doubts: [`beside\u0007 others`],
    });
    const { code, stdout, stderr } = await replay(["run", "0.2"], found);
    expect(code).toBe(2);
    expect(stdout).toContain("NOT THE SAME as in the run");
    expect(stdout).toContain("  in the run\n    then a");
    expect(stdout + stderr).not.toMatch(harmful);
    expect(stderr).toMatch(/row 0\.2: Expected the row as the run made it.*beside.*\(CORRSYNTH_NOT_REPRODUCIBLE\)\n$/);
  });

  it("of JSON is all of it", async () => {
    const found = replayed({ trace });
    const { stdout } = await replay(["run", "0.2", "--json"], found);
    expect(JSON.parse(stdout)).toEqual(found);
  });

  it.each<[string, string[], RegExp]>([
    ["no id", ["run"], /missing required argument 'id'/],
    ["--likely without a trace", ["run", "0.2", "--likely", "2"], /Expected --trace beside it/],
    ["a number that is none", ["run", "0.2", "--trace", "--likely", "x"], /Expected an integer/],
  ])("refuses %s", async (_, args, message) => {
    const { code, stderr, asked } = await replay(args);
    expect([code, asked]).toEqual([2, []]);
    expect(stderr).toMatch(message);
  });

  it("ends with 2 and a code where a row cannot be made again", async () => {
    const replayRow = async () => {
      throw new NotReproducibleError([{ path: "seeds", message: "gone\u001b" }]);
    };
    const { code, stderr } = await cli(["replay", "run", "0.2"], { library: { replayRow } as never });
    expect(code).toBe(2);
    expect(stderr).toBe("corrsynth: seeds: gone\\u{1b} (CORRSYNTH_NOT_REPRODUCIBLE)\n");
  });
});
