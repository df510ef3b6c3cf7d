// What a person can do who runs an arena: its runs are ordinary run directories, whose refusals name options of `run`.
import { InvalidConfigError } from "../errors.js";

/** How refusals of a run directory say that it can be started over. */
const startOver =
  /or (?:start over with )?--fresh(?:, which moves the old files to [^;]*?old-DATE| to move it aside)?/gu;

/** The same error, with what there is to do about the run of an arena in `path` in the place of what `run` can do. */
export function asOfArena(error: unknown, path: string): unknown {
  if (!(error instanceof InvalidConfigError) || !error.issues.some(({ message }) => message.includes("--fresh"))) {
    return error;
  }
  const remedy = `or move ${path} away: the same command makes that run anew`;
  const issues = error.issues.map((issue) => ({ ...issue, message: issue.message.replace(startOver, remedy) }));
  return new InvalidConfigError(issues, { cause: error });
}
