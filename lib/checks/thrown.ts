/** What a caller's own function throws, which may be anything. */
import { InvalidConfigError } from "../errors.js";

/**
 * What was thrown as it is; in place of undefined and null, which say nothing, an error that names the function.
 * @param name  of the option or field that the function is.
 */
export function thrownBy(name: string, thrown: unknown): unknown {
  if (thrown !== undefined && thrown !== null) return thrown;
  const message = `Expected it to throw an Error when it fails, received ${thrown}: throw one that says what is wrong`;
  return new InvalidConfigError([{ path: name, message }]);
}

/** Calls a function of the caller's; what it throws is what {@link thrownBy} makes of it. */
export function calling<Result>(name: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    throw thrownBy(name, error);
  }
}
