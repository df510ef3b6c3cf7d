import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readStudentFile } from "../../../lib/io.js";

let directory: string;
let path: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-student-"));
  path = join(directory, "student.json");
});
afterEach(() => rm(directory, { recursive: true }));

// as scripts/student/distilbert.py writes it, with fields that a report does not show
const student = {
  ...{ format: 1, student: "distilbert-base-uncased", recipe: { learningRate: 5e-5 }, trainRows: 6, goldRows: 4 },
  ...{
    skipped: { train: { blank: 0 } },
    accuracy: 0.9,
    interval: [0.7, 1.1],
    rowsInterval: [0.5, 1],
    perRun: [0.8, 1],
  },
  ...{ labels: ["a", "b"], unseenLabels: [] },
  confusion: [
    [4, 0],
    [1, 3],
  ],
  cartography: { confidence: [0.5], variability: [0], correctness: [1] },
};

const read = async (fields: object) => {
  await writeFile(path, JSON.stringify({ ...student, ...fields }));
  return readStudentFile(path);
};

describe("readStudentFile", () => {
  it("reads what a report shows, with and without cartography, and nothing where there is no file", async () => {
    expect(await readStudentFile(path)).toBeUndefined();
    const { recipe: _, skipped: __, ...shown } = student;
    expect(await read({})).toEqual(shown);
    expect(await read({ cartography: undefined, interval: null })).toMatchObject({ interval: null, accuracy: 0.9 });
  });

  it("names the field that is wrong", async () => {
    await expect(read({ format: 2 })).rejects.toThrow("student.json: format: Expected 1, received 2");
    await expect(read({ accuracy: 90 })).rejects.toThrow("student.json: accuracy: Expected at most 1, received 90");
    await expect(read({ labels: undefined })).rejects.toThrow(
      "student.json: labels: Expected a list, but it is missing",
    );
    await expect(read({ labels: ["a"] })).rejects.toThrow(
      "confusion: Expected a row and a column for each of the 1 labels",
    );
    await writeFile(path, "{");
    await expect(readStudentFile(path)).rejects.toThrow(/student\.json: Expected JSON .* train the student again/);
  });
});
