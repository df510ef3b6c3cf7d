// What is refused before a model is fetched or loaded.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkTask, InvalidConfigError } from "../../../lib/index.js";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-check-"));
  await writeFile(join(directory, "seeds.jsonl"), '{"text":"a","label":"animal"}\n{"text":"b","label":"mineral"}\n');
});
afterAll(() => rm(directory, { recursive: true }));

const base = { labels: ["animal", "plant"], prompt: { instruction: "A {label}", shots: 1 }, count: 4 };

async function issues(spec: object, device: object = {}): Promise<string[]> {
  const error = await checkTask({ ...base, ...spec } as never, device).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(InvalidConfigError);
  return (error as InvalidConfigError).issues.map(({ path, message }) => `${path}: ${message}`);
}

test("fields of task and device together; then all files together", async () => {
  expect(await issues({ count: 0 }, { gpu: "gtx" })).toEqual([
    expect.stringMatching(/^count: /),
    expect.stringMatching(/^seeds: /),
    expect.stringMatching(/^device\.gpu: Expected "auto", "cuda"/),
  ]);
  const seeds = join(directory, "seeds.jsonl");
  const prompt = { instruction: "A {label}", shots: 1, format: "chat", template: join(directory, "no.jinja") };
  expect(await issues({ seeds, prompt })).toEqual([
    `${seeds}:2: Unknown label "mineral", expected one of "animal", "plant"`,
    expect.stringMatching(/^prompt\.template: Cannot read ".*no\.jinja": no such file$/),
  ]);
  expect(await issues({ seeds: join(directory, "none.jsonl") })).toEqual([
    expect.stringMatching(/^seeds: Cannot read/),
  ]);
});

test("seeds that do not suffice, also where a list gives them", async () => {
  const [first] = await issues({ seeds: [{ text: "a", label: "animal" }] });
  expect(first).toMatch(/^labels\.plant: Expected seeds for 1 examples per prompt, received none/);
});

test("a sound task comes back with its defaults and what is hardly meant; a generator is not used up", async () => {
  const seeds = [
    { text: "a", label: "animal" },
    { text: "b", label: "plant" },
  ];
  const { spec, warnings } = await checkTask({
    ...base,
    seeds,
    method: { name: "hybrid" },
    sampling: { stop: ["\\n"] },
  } as never);
  expect(spec.count).toEqual([2, 2]);
  expect(warnings[0]).toMatch(/^sampling\.stop\[0\] has a backslash/);
  expect(warnings.slice(1)).toEqual([expect.stringMatching(/seeds/)]);
  const once = (function* () {
    yield* seeds;
  })();
  await checkTask({ ...base, seeds: once } as never);
  expect([...once]).toEqual(seeds);
});
