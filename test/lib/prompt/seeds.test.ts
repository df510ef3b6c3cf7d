import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { InvalidConfigError } from "../../../lib/errors.js";
import { readSeeds, readSource, type SeedPools } from "../../../lib/prompt/seeds.js";
import type { SeedInput } from "../../../lib/task/seed-source.js";

const labels = [{ name: "animal" }, { name: "plant" }];

async function readFileOf(content: string | Buffer, field: "seeds" | "contexts" = "seeds") {
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-"));
  try {
    const path = join(folder, "seeds.jsonl");
    await writeFile(path, content);
    const pools = await readSeeds(path, labels, field);
    return pools.map((pool) => pool.map((seed) => ({ ...seed, place: seed.place.replace(`${folder}/`, "") })));
  } catch (error) {
    return (error as InvalidConfigError).issues.map((issue) => {
      return `${issue.path.replace(`${folder}/`, "")}: ${issue.message}`;
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("lines become pools by label; a BOM, blank lines, CRLF and a missing last line feed are fine", async () => {
  const text =
    '\ufeff{"text": " a fox ", "label": "animal"}\r\n\n{"text":"a\u2028fern","label":"plant","id":"p","n":3,"o":{}}';
  expect(await readFileOf(text)).toEqual([
    [{ id: "1", text: "a fox", fields: {}, place: "seeds.jsonl:1" }],
    [{ id: "p", text: "a\u2028fern", fields: { n: "3" }, place: "seeds.jsonl:3" }],
  ]);
});

test("a file longer than one read is cut at its lines only", async () => {
  const lines = Array.from({ length: 5000 }, (_, i) => JSON.stringify({ text: `é${i}`.repeat(10), label: "plant" }));
  const pools = (await readFileOf(lines.join("\n"))) as SeedPools;
  expect(pools[1]!.map(({ text }) => text)).toEqual(lines.map((line) => JSON.parse(line).text));
});

test("items of an iterable count from 1, async or not", async () => {
  const items: SeedInput[] = [
    { text: "fox", label: "animal" },
    { text: "fern", label: "plant" },
  ];
  async function* later() {
    yield* items;
  }
  const pools = [
    [{ id: "1", text: "fox", fields: {}, place: "seeds[0]" }],
    [{ id: "2", text: "fern", fields: {}, place: "seeds[1]" }],
  ];
  expect(await readSeeds(items, labels, "seeds")).toEqual(pools);
  expect(await readSeeds(later(), labels, "seeds")).toEqual(pools);
});

test("rows without an id of their own have that of their line, however often they are read", async () => {
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-"));
  const path = join(folder, "seeds.csv");
  await writeFile(path, "text,label,id\nfox,animal,\nfern,plant,0\nant,animal,\n");
  const idsOf = async (source: Parameters<typeof readSeeds>[0]) =>
    (await readSeeds(source, labels, "seeds")).map((pool) => pool.map(({ id }) => id));
  const ids = [["2", "4"], ["0"]];
  expect(await idsOf(path)).toEqual(ids);
  const read = await readSource(path, "seeds");
  await rm(folder, { recursive: true });
  expect(await idsOf(read)).toEqual(ids);
  expect(await idsOf(JSON.parse(JSON.stringify(read)))).toEqual(ids);
});

test("a context without a label serves every label", async () => {
  const pools = await readSeeds([{ text: "t" }, { text: "u", label: "plant" }], labels, "contexts");
  expect(pools.map((pool) => pool.map(({ id }) => id))).toEqual([["1"], ["1", "2"]]);
});

test("a source that was read can be read again: the same pools, the same complaints, and JSON with the same ids", async () => {
  const folder = await mkdtemp(join(tmpdir(), "corrsynth-"));
  const path = join(folder, "seeds.jsonl");
  await writeFile(
    path,
    '\n{"text": " fox ", "label": "animal", "n": 3}\n{"text": "fern", "label": "plant", "id": "p"}\n',
  );
  const pools = await readSeeds(path, labels, "seeds");
  const read = await readSource(path, "seeds");
  await writeFile(path, 'none\n{"text": "ant", "label": "mineral"}\n');
  const complaint = await readSeeds(path, labels, "seeds").catch((error: Error) => error.message);
  const wrong = await readSource(path, "seeds");
  await rm(folder, { recursive: true });
  for (let times = 0; times < 2; times++) {
    expect(await readSeeds(read, labels, "seeds")).toEqual(pools);
    await expect(readSeeds(wrong, labels, "seeds")).rejects.toThrow(complaint as string);
  }
  expect(complaint).toMatch(/seeds.jsonl:1: .*\n.*seeds.jsonl:2: Unknown label "mineral"/);
  expect(JSON.parse(JSON.stringify(read))).toEqual([
    { id: 2, text: " fox ", label: "animal", n: 3 },
    { id: "p", text: "fern", label: "plant" },
  ]);
});

const good = '{"text":"t","label":"plant"}\n';
//              content                                        complaint
const refused: [string | Buffer, string][] = [
  ["nonsense", 'seeds.jsonl:2: Expected one JSON object a line, received "nonsense"'],
  ["[1]", "seeds.jsonl:2: Expected a JSON object, received a list of 1"],
  ['{"label":"plant"}', 'seeds.jsonl:2: Expected "text" to be a text, received nothing'],
  ['{"text":" ","label":"plant"}', 'seeds.jsonl:2: Expected "text" to be a text, received " "'],
  ['{"text":"t"}', 'seeds.jsonl:2: Expected "label" to be the name of a label, received nothing'],
  ['{"text":"t","label":"plnat"}', 'seeds.jsonl:2: Unknown label "plnat", did you mean "plant"?'],
  ['{"text":"t","label":"plant","id":"1"}', 'seeds.jsonl:2: Expected an id of its own, received "1"'],
  ['{"text":"t","label":"plant","id":{}}', 'seeds.jsonl:2: Expected "id" to be a text or a number, received an object'],
  [Buffer.from([0x22, 0xff, 0x22]), "seeds.jsonl:2: Expected UTF-8"],
];
test.each(refused)("%s is refused with its line", async (line, complaint) => {
  const issues = (await readFileOf(Buffer.concat([Buffer.from(good), Buffer.from(line)]))) as string[];
  expect(issues).toHaveLength(1);
  expect(issues[0]).toContain(complaint);
});

test("of many bad lines twenty are named and the rest counted", async () => {
  const lines = Array.from({ length: 33 }, (_, i) => `{"text":"t","label":"none-${i}"}\n`);
  const issues = (await readFileOf(lines.join(""))) as string[];
  expect(issues).toHaveLength(21);
  expect(issues[19]).toContain("seeds.jsonl:20: ");
  expect(issues[20]).toBe("seeds.jsonl: and 13 more that are wrong");
});

test("a file that is not there is named with its field", async () => {
  await expect(readSeeds("no/such.jsonl", labels, "contexts")).rejects.toMatchObject({
    code: "CORRSYNTH_INVALID_CONFIG",
    message: 'contexts: Cannot read "no/such.jsonl": no such file',
  });
});

test("a bad item is named by its index", async () => {
  await expect(readSeeds([{ text: "t", label: "x" }], labels, "seeds")).rejects.toThrow('seeds[0]: Unknown label "x"');
});
