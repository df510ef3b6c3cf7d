/** From the addon's error codes to the error classes of the API. */

import {
  AbortError,
  ContextFullError,
  type CorrSynthError,
  DeviceError,
  EngineError,
  ModelLoadError,
  OutOfMemoryError,
} from "../errors.js";
import type { NativeError } from "./binding.js";

/** The error that the user sees, with the native one as its cause. */
export function fromNative(error: NativeError): CorrSynthError {
  const options = { cause: error };
  switch (error.code) {
    case "MODEL_LOAD":
      return new ModelLoadError(error.message, options);
    case "CONTEXT_FULL":
      return new ContextFullError(error.message, options);
    case "OUT_OF_MEMORY":
      return new OutOfMemoryError(error.message, options);
    case "DEVICE":
      return new DeviceError(error.message, options);
    case "CANCELLED":
      return new AbortError(error.message, options);
    default:
      return new EngineError(error.message, options);
  }
}
