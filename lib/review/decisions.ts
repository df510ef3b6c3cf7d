// The decisions of a review as they are made: each is on the disk before it is answered, and whoever else reviews the run, in
// another tab or another process, is told of it. The file is the only truth; a revision is a place in it.
import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { parseLines } from "../files/jsonl.js";
import { jsonLine } from "../files/jsonl-writer.js";
import { isThere, openRegular } from "../files/regular-file.js";
import { parseDecision, type RowDecision, reviewName } from "../files/review.js";

/** Decisions behind a place in the file, and the place behind them. */
export interface Decided {
  /** Bytes of the file that were read. */
  readonly revision: number;
  readonly decisions: readonly RowDecision[];
}

const { O_APPEND, O_CREAT, O_RDWR } = constants;
const lineFeed = 10;

/** review.jsonl of a run directory. */
export class Decisions {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(directory: string) {
    this.#path = join(directory, reviewName);
  }

  /**
   * Appends a decision; resolves when it is on the disk.
   * @param at  when it was made, ISO 8601.
   * @throws Node's own error when it cannot be written.
   */
  async append(decision: RowDecision, at: string): Promise<void> {
    const appended = this.#last.then(() => this.#append(jsonLine({ ...decision, at })));
    this.#last = appended.catch(() => {});
    await appended;
  }

  async #append(line: string): Promise<void> {
    await using file = await openRegular(this.#path, O_APPEND | O_CREAT | O_RDWR);
    // a killed process may have left half a line: it stays one, of its own
    const begin = (await endsWithLine(file)) ? "" : "\n";
    await file.appendFile(begin + line);
    await file.datasync();
  }

  /**
   * What was decided behind a revision, 0 for all; whole lines alone. Of a file that is shorter than the revision, which a merge or rounds
   * wrote anew, all.
   * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG at a whole line that is no decision.
   */
  async after(revision: number): Promise<Decided> {
    if (!(await isThere(this.#path))) return { revision: 0, decisions: [] };
    const file = await openRegular(this.#path);
    const start = revision > (await file.stat()).size ? 0 : revision;
    const chunks = file.createReadStream({ start });
    const decisions: RowDecision[] = [];
    let end = start;
    for await (const line of parseLines(this.#path, "object", chunks as AsyncIterable<Buffer>)) {
      if (!line.isEnded) break;
      end = start + line.end;
      if (line.value !== undefined) decisions.push(untimed(parseDecision(line.value, `${this.#path} (byte ${end})`)));
    }
    return { revision: end, decisions };
  }
}

// The page knows them by their order.
function untimed({ at: _, ...decision }: RowDecision): RowDecision {
  return decision;
}

async function endsWithLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer[0] === lineFeed;
}
