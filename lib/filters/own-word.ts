/** The caller's own word on rows, `filters.accept` or `filters.acceptGroup`: asked for the rows of a group at once. */
import { show } from "../checks/nearest.js";
import { thrownBy } from "../checks/thrown.js";
import { FilterError } from "../errors.js";
import type { Instance } from "../instance.js";
import type { Filters } from "../task/spec.js";

/** Why each of the rows is rejected; undefined where it is not. */
export type OwnWord = (rows: readonly Instance[]) => Promise<(string | undefined)[]>;

/**
 * @throws {FilterError} CORRSYNTH_FILTER from the function that comes back, with the row or the group in its message,
 *   when the caller's function throws, or says something else than true, false or a reason.
 */
export function ownWord({ accept, acceptGroup }: Pick<Filters, "accept" | "acceptGroup">): OwnWord | undefined {
  if (acceptGroup !== undefined) {
    const name = "filters.acceptGroup";
    return async (rows) => {
      const at = `group ${rows[0]?.group}`;
      const verdicts: unknown = await failing(name, at, () => acceptGroup(rows));
      if (!Array.isArray(verdicts) || verdicts.length !== rows.length) {
        const received = Array.isArray(verdicts) ? `${verdicts.length}` : show(verdicts);
        throw new FilterError(`Expected ${name} to return a list of ${rows.length} verdicts, received ${received}`, at);
      }
      return rows.map(({ id }, i) => reasonOf(verdicts[i], name, `row ${id}`));
    };
  }
  if (accept === undefined) return undefined;
  const name = "filters.accept";
  return (rows) =>
    Promise.all(
      rows.map(async (row) => {
        const at = `row ${row.id}`;
        return reasonOf(await failing(name, at, () => accept(row)), name, at);
      }),
    );
}

async function failing<Verdict>(
  name: string,
  at: string,
  call: () => Verdict | PromiseLike<Verdict>,
): Promise<Verdict> {
  try {
    return await call();
  } catch (thrown) {
    const cause = thrownBy(name, thrown);
    const reason = cause instanceof Error ? cause.message : show(cause);
    throw new FilterError(`${name} failed: ${reason}`, at, { cause });
  }
}

function reasonOf(verdict: unknown, name: string, at: string): string | undefined {
  if (verdict === true) return undefined;
  if (verdict === false) return "accept";
  if (typeof verdict === "string" && verdict.trim() !== "") return verdict;
  const expected = name.endsWith("Group") ? "to say" : "to return";
  const message = `Expected ${name} ${expected} true, false or a reason as text, received ${show(verdict)}`;
  throw new FilterError(message, at);
}
