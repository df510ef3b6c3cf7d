// A student that was saved and comes back as it was; files that are none.
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InvalidConfigError } from "../../../lib/errors.js";
import { loadStudent } from "../../../lib/students/load.js";
import { trainStudent } from "../../../lib/students/train.js";

const rows = [
  { text: "red apple", label: "fruit" },
  { text: "ripe red plum", label: "fruit", weight: 2 },
  { text: "old hammer", label: "tool" },
  { text: "sharp saw", label: "tool", weight: 0 },
];
const vectors = rows.map(({ label, weight }, r) => ({ label, weight, vector: Float32Array.of(r, 1, label.length) }));
const asked = ["a ripe apple", "an old saw", "nothing known", ""];

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-student-"));
  path = join(folder, "student.bin");
});
afterEach(() => rm(folder, { recursive: true }));

describe("a student that was saved", () => {
  it("says of texts what it said before, to the last bit, also of labels without rows", async () => {
    const labels = ["tool", "metal", "fruit"];
    const student = trainStudent(rows, { kind: "proxy", labels, seed: 3 });
    await student.save(path);
    const loaded = await loadStudent(path);
    expect(loaded).toMatchObject({ kind: "proxy", labels });
    expect(loaded.kind === "proxy" && loaded.probabilities(asked)).toEqual(student.probabilities(asked));
  });

  it("likewise of vectors", async () => {
    const student = trainStudent(vectors, { kind: "logistic" });
    await student.save(path);
    const loaded = await loadStudent(path);
    const seen = [Float32Array.of(1, 2, 3), Float32Array.of(-1, 0, 0)];
    expect(loaded.labels).toEqual(["fruit", "tool"]);
    expect(loaded.kind === "logistic" && loaded.probabilities(seen)).toEqual(student.probabilities(seen));
  });

  it("and saved again is the same file; one that was there is replaced, and nothing lies beside it", async () => {
    await writeFile(path, "old");
    await trainStudent(rows, { kind: "proxy" }).save(path);
    const first = await readFile(path);
    await (await loadStudent(path)).save(path);
    expect(await readFile(path)).toEqual(first);
    expect(await readdir(folder)).toEqual(["student.bin"]);
  });
});

describe("a file is refused that", () => {
  /** The file with its first line changed. */
  async function withHead(change: Readonly<Record<string, unknown>>, kind: "proxy" | "logistic" = "proxy") {
    if (kind === "proxy") await trainStudent(rows, { kind }).save(path);
    else await trainStudent(vectors, { kind }).save(path);
    const content = await readFile(path);
    const end = content.indexOf("\n");
    const head = { ...(JSON.parse(content.toString("utf8", 0, end)) as object), ...change };
    await writeFile(path, Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), content.subarray(end + 1)]));
  }

  const table: [what: string, make: () => Promise<void>, message: RegExp][] = [
    ["is not there", async () => {}, /Expected the file of a student \(ENOENT/],
    ["is a directory", () => symlink(folder, path), /Expected/],
    ["is empty", () => writeFile(path, ""), /Expected the file of a student, as its save writes it/],
    ["is JSON of another kind", () => writeFile(path, '{"format":"other"}\n'), /received something else/],
    ["is one long line", () => writeFile(path, "x".repeat(1e5)), /received something else/],
    ["is nested without end", () => writeFile(path, `${"[".repeat(1e5)}\n`), /received something else/],
    ["is of a later version", () => withHead({ version: 2 }), /Expected a student of version 1, received 2/],
    ["has a field too many", () => withHead({ code: "x" }), /code/],
    ["speaks of more numbers than it has", () => withHead({ columns: 200_000 }), /Expected \d+ bytes of numbers/],
    ["speaks of fewer", () => withHead({ columns: 0 }), /Expected \d+ bytes of numbers/],
    ["has labels in no order", () => withHead({ seen: [1, 0] }), /numbers of them in order/],
    ["has labels that are not there", () => withHead({ seen: [0, 7] }), /numbers of them in order/],
    ["has a label twice", () => withHead({ labels: ["a", "a"] }), /labels of different names/],
    ["says that more texts have a word than there are", () => withHead({ texts: 1 }), /each of some of its texts/],
    ["is of vectors of no length", () => withHead({ dims: 0 }, "logistic"), /dims/],
    ["is of vectors of another length", () => withHead({ dims: 4 }, "logistic"), /Expected 80 bytes/],
  ];
  it.each(table)("%s", async (_, make, message) => {
    await make();
    const error = await loadStudent(path).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidConfigError);
    expect((error as Error).message).toMatch(message);
    expect((error as InvalidConfigError).issues[0]!.path).toContain(path);
  });

  it("has any byte of its numbers changed", async () => {
    await trainStudent(vectors, { kind: "logistic" }).save(path);
    const whole = await readFile(path);
    for (let at = whole.indexOf("\n") + 1; at < whole.length; at += 7) {
      const changed = Buffer.from(whole);
      changed[at]! ^= 1;
      await writeFile(path, changed);
      await expect(loadStudent(path)).rejects.toThrow("the file was changed or damaged");
    }
  });

  it("holds numbers that are none, under a hash that is right", async () => {
    const { createHash } = await import("node:crypto");
    const body = Buffer.from(Float64Array.of(1, Number.NaN, 3, 4).buffer);
    const sha256 = createHash("sha256").update(body).digest("hex");
    const head = {
      format: "corrsynth-student",
      version: 1,
      kind: "logistic",
      labels: ["a", "b"],
      seen: [0, 1],
      dims: 1,
    };
    await writeFile(path, Buffer.concat([Buffer.from(`${JSON.stringify({ ...head, sha256 })}\n`), body]));
    await expect(loadStudent(path)).rejects.toThrow("Expected finite numbers, received NaN");
  });
});
