/** From the addon's error codes to the error classes of the API. */

import {
  AbortError,
  ContextFullError,
  CorrSynthError,
  DeviceError,
  EngineError,
  LayersError,
  ModelLoadError,
  OutOfMemoryError,
} from "../errors.js";
import type { NativeError } from "./binding.js";

/**
 * The error that the user sees, with the native one as its cause. Whatever the addon throws, and what its promises reject
 * with, must come through here: its codes are its own.
 */
export function fromNative(thrown: unknown): CorrSynthError {
  if (thrown instanceof CorrSynthError) return thrown;
  const error: NativeError = thrown instanceof Error ? thrown : new Error(String(thrown));
  const options = { cause: thrown };
  switch (error.code) {
    case "MODEL_LOAD":
      return new ModelLoadError(error.message, options);
    case "CONTEXT_FULL":
      return new ContextFullError(error.message, options);
    case "OUT_OF_MEMORY":
      return new OutOfMemoryError(error.message, options);
    case "DEVICE":
      return new DeviceError(error.message, options);
    case "LAYERS":
      return new LayersError(error.message, options);
    case "CANCELLED":
      return new AbortError(error.message, options);
    default:
      return new EngineError(error.message, options);
  }
}
