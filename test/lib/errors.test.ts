import { expect, test } from "vitest";
import * as errors from "../../lib/errors.js";
import { QuotaError, type Report } from "../../lib/index.js";

const report = { quotaMet: false, groups: 3 } as Report;

const made = [
  new errors.InvalidConfigError([{ path: "labels.sports", message: "Expected a verbalization" }]),
  new errors.ModelLoadError("m"),
  new errors.PromptTooLongError({
    ...{ label: "sports", promptTokens: 900, maxTokens: 160, contextSize: 1024, contextTrain: 2048 },
  }),
  new errors.ContextFullError("m"),
  new errors.OutOfMemoryError("m"),
  new errors.DeviceError("m"),
  new errors.LayersError("m"),
  new errors.EngineError("m"),
  new errors.ClosedError("m"),
  new errors.FilterError("m", "row 0.0"),
  new QuotaError("m", report),
  new errors.HeldError("m"),
  new errors.NotReproducibleError([{ path: "seeds", message: "Expected the run's seeds" }]),
  new errors.StorageError("m"),
  new errors.DownloadError("m"),
  new errors.UploadError("m"),
  new errors.QueueError("m"),
  new errors.BindingError("m"),
  new errors.AbortError(),
];

test("every code has exactly one class, and every class one code", () => {
  expect(made.map(({ code }) => code).sort()).toEqual(Object.keys(errors.errorCodes).sort());
});

test("invalidField is the error of one field, with its cause", () => {
  const cause = new Error("ENOENT");
  const error = errors.invalidField("seeds.jsonl:12", "Expected a text", { cause });
  expect(error).toBeInstanceOf(errors.InvalidConfigError);
  expect(error).toMatchObject({ message: "seeds.jsonl:12: Expected a text", cause });
  expect(error.issues).toEqual([{ path: "seeds.jsonl:12", message: "Expected a text" }]);
  expect(errors.invalidField("", "Expected a task").message).toBe("Expected a task");
});

test("every error is a CorrSynthError under its own name", () => {
  for (const error of made) {
    expect(error).toBeInstanceOf(errors.CorrSynthError);
    expect(error.name).toBe(error.constructor.name);
  }
});

test("an invalid config lists all its issues, one a line", () => {
  const issues = [
    { path: "labels.sports", message: "a" },
    { path: "", message: "b" },
  ];
  const error = new errors.InvalidConfigError(issues);
  expect(error.message).toBe("labels.sports: a\nb");
  expect(error.issues).toEqual(issues);
});

test("a prompt that is too long names its label and all numbers", () => {
  const error = new errors.PromptTooLongError({
    label: "sports",
    promptTokens: 900,
    maxTokens: 160,
    contextSize: 1024,
    contextTrain: 2048,
  });
  for (const fact of ["sports", "900", "160", "1024"]) expect(error.message).toContain(fact);
  expect(error).toMatchObject({ label: "sports", promptTokens: 900, maxTokens: 160, contextSize: 1024 });
});

test("an unmet quota carries the report and its cause", () => {
  const cause = new Error("c");
  expect(new QuotaError("m", report, { cause })).toMatchObject({ code: "CORRSYNTH_QUOTA_NOT_MET", report, cause });
});

test("the cause is kept", () => {
  const cause = new Error("native");
  expect(new errors.EngineError("m", { cause }).cause).toBe(cause);
});
