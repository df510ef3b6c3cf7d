// Sound files for fuzz-files.mjs to spoil.

const teacher = { path: "teacher.gguf", sha256: "00ff", name: "Teacher", parameters: 2_800_000 };

/** A task with every field. */
export const task = {
  $schema: "task.schema.json",
  teacher: "demo",
  device: { gpu: "off" },
  labels: { animal: "an animal", plant: "a plant" },
  prompt: {
    instruction: "A {style} text on {label}, from: {context}",
    answer: "{label}:",
    shots: 1,
    separator: "\n\n",
  },
  seeds: "seeds.jsonl",
  contexts: "contexts.jsonl",
  attributes: { style: ["long", "short é😀"] },
  method: { name: "hybrid", repeat: 2, gamma: 1, intra: 0.5, cross: 0.1 },
  count: { animal: 12, plant: 12 },
  sampling: {
    topP: 0.9,
    topK: 0,
    plausibility: 1e-3,
    temperature: 1,
    maxTokens: 48,
    stop: ["\n", "a b"],
    seed: "18446744073709551615",
  },
  filters: {
    unfinished: "cut",
    minWords: 2,
    reject: [{ name: "link", pattern: "https?://", flags: "i" }],
    require: ["[.!?]$"],
    nearDuplicates: 0.9,
  },
  engine: { groups: "auto", threads: 1, kvType: "f16", flashAttention: "auto" },
  limits: { maxGroups: 100 },
};

/** What the manifest of the run below says. */
export const description = {
  task,
  settings: {
    labels: [
      { name: "animal", verbalization: "an animal" },
      { name: "plant", verbalization: "a plant" },
    ],
    count: [24, 24],
    method: task.method,
    sampling: task.sampling,
    prompt: task.prompt,
    limits: { maxGroups: 100 },
  },
  seed: 7,
  inputs: { seeds: "5eed" },
  teacher,
  versions: { corrsynth: "0.0.0", llamaCpp: "abc", node: process.version },
  device: "cpu",
  started: "2026-01-01T00:00:00.000Z",
};

/** Lines of a seeds file. */
export const seeds = Array.from({ length: 6 }, (_, i) => {
  const label = i % 2 === 0 ? "animal" : "plant";
  return JSON.stringify({ id: `s${i}`, text: `a text é😀 ${i}`, label, style: "short", n: i });
}).join("\n");

/** Writes a run of 12 groups with 4 rows each and 2 with none to a new directory. */
export async function writeRun(RunDirectory, path) {
  const directory = await RunDirectory.open(path);
  await directory.begin(description);
  for (let group = 0; group < 14; group++) {
    const isEmpty = group % 7 === 3;
    const tally = { accepted: isEmpty ? 0 : 2, surplus: 0, rejected: isEmpty ? { empty: 2 } : {} };
    const instances = isEmpty ? [] : Array.from({ length: 4 }, (_, i) => rowOf(group, i));
    await directory.commit({ group, instances, labels: [tally, tally] });
  }
  const counts = { wanted: 24, accepted: 24, surplus: 0, rejected: { empty: 4 } };
  await directory.close({
    state: "done",
    report: { labels: { animal: counts, plant: counts }, quotaMet: true, groups: 14 },
  });
}

function rowOf(group, i) {
  return {
    id: `${group}.${i}`,
    text: `text "${group}" of ${i}, é😀\u2028 \\ and\nmore`,
    label: i % 2 === 0 ? "animal" : "plant",
    group,
    repeat: Math.floor(i / 2),
    examples: ["s1", "s2"],
    attributes: { style: "long" },
    tokens: 12,
    ending: "stop",
    logprob: -12.5,
    seed: 7,
  };
}
