// Appends groups to a run: rows, flush, journal lines, flush, so that a kill at any byte loses only groups in flight.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "../files/crc32.js";
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
  /** Its rejected rows, where they are kept. */
  readonly rejected?: readonly unknown[];
}

/** Name of the file of rejected rows in its directory. */
export const rejectedName = "rejected.jsonl";

/** The files that grow with a run. */
export class GroupWriter {
  readonly #data: JsonlWriter;
  readonly #journal: JsonlWriter;
  readonly #rejectedPath: string;
  /** Undefined until a row is kept. */
  #rejected: JsonlWriter | undefined;
  #rejectedBytes: number;
  #groups: number;
  #rows: number;
  #bytes: number;

  private constructor(directory: string, data: JsonlWriter, journal: JsonlWriter, entries: readonly JournalEntry[]) {
    this.#data = data;
    this.#journal = journal;
    this.#rejectedPath = join(directory, rejectedName);
    this.#rejectedBytes = entries.at(-1)?.rejectedBytes ?? 0;
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
      const writer = new GroupWriter(directory, data, journal, entries);
      if (existsSync(writer.#rejectedPath)) await writer.#rejectedFile(); // cuts off what follows
      return writer;
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
    let [rows, bytes, rejectedBytes] = [this.#rows, this.#bytes, this.#rejectedBytes];
    const texts: string[] = [];
    const lines: string[] = [];
    const rejectedTexts: string[] = [];
    for (const { group, instances, labels, rejected = [] } of groups) {
      const text = instances.map(jsonLine).join("");
      rows += instances.length;
      bytes += Buffer.byteLength(text);
      texts.push(text);
      const rejectedText = rejected.map(jsonLine).join("");
      rejectedTexts.push(rejectedText);
      rejectedBytes += Buffer.byteLength(rejectedText);
      const kept = rejectedBytes > 0 ? { rejectedBytes } : {};
      lines.push(journalLine({ group, labels, rows, bytes, ...kept, dataCrc32: crc32(text) }));
    }
    if (rejectedBytes > this.#rejectedBytes) {
      const file = await this.#rejectedFile();
      await file.appendText(rejectedTexts.join(""));
      await file.sync();
    }
    if (bytes > this.#bytes) {
      await this.#data.appendText(texts.join(""));
      await this.#data.sync();
    }
    await this.#journal.appendText(lines.join(""));
    await this.#journal.sync();
    [this.#rows, this.#bytes, this.#rejectedBytes] = [rows, bytes, rejectedBytes];
    this.#groups += groups.length;
  }

  async #rejectedFile(): Promise<JsonlWriter> {
    this.#rejected ??= await JsonlWriter.continue(this.#rejectedPath, this.#rejectedBytes);
    return this.#rejected;
  }

  /** Closes the files; what went wrong was told by the write before. */
  async close(): Promise<void> {
    for (const file of [this.#data, this.#journal, this.#rejected]) await file?.close().catch(() => {});
  }
}
