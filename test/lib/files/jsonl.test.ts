import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { JsonlWriter, readJsonl } from "../../../lib/io.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-jsonl-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(content: string | Uint8Array): Promise<[unknown, number][]> {
  const path = join(directory, "in.jsonl");
  await writeFile(path, content);
  const found: [unknown, number][] = [];
  for await (const { value, line } of readJsonl(path)) found.push([value, line]);
  return found;
}

describe("readJsonl", () => {
  it("gives each value with its line and skips blank lines", async () => {
    expect(await read('{"a":1}\n\n  \n[2]\n"three"')).toEqual([
      [{ a: 1 }, 1],
      [[2], 4],
      ["three", 5],
    ]);
    expect(await read("")).toEqual([]);
    expect(await read("\n\n")).toEqual([]);
  });

  it("accepts a byte order mark and Windows line ends", async () => {
    expect(await read('\uFEFF{"a":1}\r\n{"a":2}\r\n')).toEqual([
      [{ a: 1 }, 1],
      [{ a: 2 }, 2],
    ]);
  });

  it("does not end a line at U+2028, U+2029 or a lone carriage return", async () => {
    expect(await read('"a\u2028b\u2029c"\n[1,\r2]\n')).toEqual([
      ["a\u2028b\u2029c", 1],
      [[1, 2], 2],
    ]);
  });

  it("joins lines and characters that the file system hands over in pieces", async () => {
    const long = "é😀".repeat(60_000);
    expect(await read(`${JSON.stringify(long)}\n${JSON.stringify(`x${long}`)}\n`)).toEqual([
      [long, 1],
      [`x${long}`, 2],
    ]);
  });

  it("names file and line of what it cannot read", async () => {
    const table: [content: string | Uint8Array, where: RegExp, message: RegExp][] = [
      ['{"a":1}\n{"a":\n', /in\.jsonl:2$/, /Expected one JSON value a line/],
      ['{"a":1} {"a":2}\n', /in\.jsonl:1$/, /Expected one JSON value a line/],
      [Uint8Array.of(0x31, 0x0a, 0x22, 0xff, 0x22, 0x0a), /in\.jsonl:2$/, /Expected UTF-8/],
    ];
    for (const [content, where, message] of table) {
      const error = await read(content).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(InvalidConfigError);
      expect((error as InvalidConfigError).issues).toEqual([
        { path: expect.stringMatching(where), message: expect.stringMatching(message) },
      ]);
    }
  });

  it("refuses a missing file and a directory", async () => {
    for (const path of [join(directory, "none.jsonl"), directory]) {
      await expect(readJsonl(path).next()).rejects.toThrow(/Expected a readable JSON Lines file/);
    }
  });

  it("keeps the consumer's own errors as they are", async () => {
    const path = join(directory, "in.jsonl");
    await writeFile(path, "1\n2\n");
    const own = new Error("consumer");
    const consume = async () => {
      for await (const _ of readJsonl(path)) throw own;
    };
    await expect(consume()).rejects.toBe(own);
  });
});

describe("JsonlWriter", () => {
  it("writes what readJsonl and any JSON parser read back, whatever the text holds", async () => {
    const values = ["\u2028\u2029", '"\\\n\r\t', "\u0000\u001b[31m", "😀é", "lone \ud800", { text: "a\nb" }, null, []];
    const path = join(directory, "out.jsonl");
    const writer = await JsonlWriter.create(path);
    for (const value of values) await writer.append(value);
    await writer.close();
    const content = await readFile(path, "utf8");
    expect(
      content
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(values);
    expect(content.endsWith("\n")).toBe(true);
    const found: unknown[] = [];
    for await (const { value } of readJsonl(path)) found.push(value);
    expect(found).toEqual(values);
  });

  it("has each line in the file as soon as append resolves", async () => {
    const path = join(directory, "out.jsonl");
    const writer = await JsonlWriter.create(path);
    await writer.append(1);
    expect(await readFile(path, "utf8")).toBe("1\n");
    await writer.append(2);
    expect(await readFile(path, "utf8")).toBe("1\n2\n");
    await writer.close();
  });

  it("never writes into a file that is already there", async () => {
    const path = join(directory, "out.jsonl");
    await writeFile(path, "mine");
    await expect(JsonlWriter.create(path)).rejects.toMatchObject({ code: "EEXIST" });
    expect(await readFile(path, "utf8")).toBe("mine");
  });

  it("refuses what JSON cannot hold, and stays usable", async () => {
    const path = join(directory, "out.jsonl");
    const writer = await JsonlWriter.create(path);
    for (const value of [undefined, () => 1, 1n]) await expect(writer.append(value)).rejects.toThrow(TypeError);
    await writer.append("good");
    await writer.close();
    expect(await readFile(path, "utf8")).toBe('"good"\n');
  });
});
