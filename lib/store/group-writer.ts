// Appends groups to a run: rows, flush, journal lines, flush, so that a kill at any byte loses only groups in flight.
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { JsonlWriter, jsonLine } from "../files/jsonl-writer.js";
import type { LabelTally } from "../run/ledger.js";
import { type JournalEntry, journalLine } from "./journal.js";

/** A group as it is written. */
export interface WritableGroup {
  readonly group: number;
  /** Its accepted instances. */
  readonly instances: readonly unknown[];
  /** What became of its rows, in the order of the labels in the settings. */
  readonly labels: readonly LabelTally[];
}

/** The two files that grow with a run. */
export class GroupWriter {
  readonly #data: JsonlWriter;
  readonly #journal: JsonlWriter;
  #groups: number;
  #rows: number;
  #bytes: number;

  private constructor(data: JsonlWriter, journal: JsonlWriter, entries: readonly JournalEntry[]) {
    this.#data = data;
    this.#journal = journal;
    this.#groups = entries.length;
    this.#rows = entries.at(-1)?.rows ?? 0;
    this.#bytes = entries.at(-1)?.bytes ?? 0;
  }

  /**
   * Goes on behind the groups of a run and cuts off what follows them.
   * @param entries  of the groups that stay.
   * @param journalBytes  of their lines.
   * @throws Node's own error when the files cannot be written.
   */
  static async continue(
    directory: string,
    entries: readonly JournalEntry[],
    journalBytes: number,
  ): Promise<GroupWriter> {
    const journal = await JsonlWriter.continue(join(directory, "journal.jsonl"), journalBytes);
    try {
      const data = await JsonlWriter.continue(join(directory, "data.jsonl"), entries.at(-1)?.bytes ?? 0);
      return new GroupWriter(data, journal, entries);
    } catch (error) {
      await journal.close().catch(() => {}); // the first error is the one to tell
      throw error;
    }
  }

  /** Groups that are safe. */
  get groups(): number {
    return this.#groups;
  }

  /** Their rows. */
  get rows(): number {
    return this.#rows;
  }

  /** Adds groups: they are safe when this resolves. Wait for it before the next. */
  async write(groups: readonly WritableGroup[]): Promise<void> {
    let [rows, bytes] = [this.#rows, this.#bytes];
    const texts: string[] = [];
    const lines: string[] = [];
    for (const { group, instances, labels } of groups) {
      const text = instances.map(jsonLine).join("");
      rows += instances.length;
      bytes += Buffer.byteLength(text);
      texts.push(text);
      lines.push(journalLine({ group, labels, rows, bytes, dataCrc32: crc32(text) }));
    }
    if (bytes > this.#bytes) {
      await this.#data.appendText(texts.join(""));
      await this.#data.sync();
    }
    await this.#journal.appendText(lines.join(""));
    await this.#journal.sync();
    [this.#rows, this.#bytes] = [rows, bytes];
    this.#groups += groups.length;
  }

  /** Closes both files; what went wrong was told by the write before. */
  async close(): Promise<void> {
    for (const file of [this.#data, this.#journal]) await file.close().catch(() => {});
  }
}
