// The addon's codes end here: users see the classes and codes of errors.ts.
import { expect, test } from "vitest";
import { fromNative } from "../../../lib/engine/native-error.js";
import { BindingError } from "../../../lib/errors.js";

test.each([
  ["MODEL_LOAD", "ModelLoadError", "CORRSYNTH_MODEL_LOAD"],
  ["CONTEXT_FULL", "ContextFullError", "CORRSYNTH_CONTEXT_FULL"],
  ["OUT_OF_MEMORY", "OutOfMemoryError", "CORRSYNTH_OUT_OF_MEMORY"],
  ["LAYERS", "LayersError", "CORRSYNTH_LAYERS"],
  ["DEVICE", "DeviceError", "CORRSYNTH_DEVICE"],
  ["CANCELLED", "AbortError", "CORRSYNTH_ABORTED"],
  ["TOKENIZE", "EngineError", "CORRSYNTH_ENGINE"],
  ["INTERNAL", "EngineError", "CORRSYNTH_ENGINE"],
  [undefined, "EngineError", "CORRSYNTH_ENGINE"],
])("%s becomes a %s", (code, name, ours) => {
  const native = Object.assign(new Error("what happened"), code === undefined ? {} : { code });
  expect(fromNative(native)).toMatchObject({ name, code: ours, message: "what happened", cause: native });
});

test("an error of the API's passes as it is, and what is no error gets its text", () => {
  const ours = new BindingError("no addon");
  expect(fromNative(ours)).toBe(ours);
  expect(fromNative("thrown")).toMatchObject({ code: "CORRSYNTH_ENGINE", message: "thrown", cause: "thrown" });
});
