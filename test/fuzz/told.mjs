// What counts as told in words: an error of this package with a code, and a message that a person can read.
import assert from "node:assert/strict";
import { CorrSynthError } from "../../dist/errors.js";

/** "accepted", or "refused" where it is told; anything else is thrown on. */
export async function told(action, kind = CorrSynthError) {
  try {
    await action();
    return "accepted";
  } catch (error) {
    assert(error instanceof kind, `not a ${kind.name}: ${error?.stack ?? error}`);
    assert(
      error.message.length > 5 && error.message.length < 50_000,
      `a message of ${error.message.length} characters`,
    );
    return "refused";
  }
}
