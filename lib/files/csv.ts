// Delimited text as RFC 4180 has it, where quoted fields may hold separators, line breaks and doubled quotes; and as
// tools write it that escape with backslashes, or know no quotes at all.
import { invalidField } from "../errors.js";

/** A record and the line that it begins on, from 1. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

/** How a delimited text is written. */
export interface CsvDialect {
  /** One character; default ",". */
  readonly separator?: string | undefined;
  /**
   * What quotes are: "doubled" (default) as in RFC 4180; "escaped": a backslash in front of a quote, a separator, a line
   * break or a backslash takes its meaning away; "plain": letters like any other.
   */
  readonly quotes?: "doubled" | "escaped" | "plain" | undefined;
}

/**
 * The records of a delimited text, the header among them. Lines end with "\n", "\r\n" or "\r"; those without anything
 * but separators and white space are skipped.
 * @param path  what the text is called in errors.
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `path:line`, when a quote is not closed, or something
 *   else than a separator follows a closing quote.
 */
export function* parseCsv(text: string, path: string, dialect: CsvDialect = {}): Generator<CsvRecord, void, undefined> {
  const reader = new FieldReader(text, path, dialect);
  while (!reader.atEnd) {
    const line = reader.line;
    const start = reader.at;
    const fields = [reader.field()];
    while (reader.skipSeparator()) fields.push(reader.field());
    const isBlank = fields.every((field) => field.trim() === "") && !text.slice(start, reader.at).includes('"');
    reader.skipLineEnd();
    if (!isBlank) yield { fields, line };
  }
}

class FieldReader {
  line = 1;
  at = 0;
  readonly #text: string;
  readonly #path: string;
  readonly #separator: string;
  readonly #quotes: CsvDialect["quotes"];
  readonly #plain: RegExp;

  constructor(text: string, path: string, { separator = ",", quotes = "doubled" }: CsvDialect) {
    this.#text = text;
    this.#path = path;
    this.#separator = separator;
    this.#quotes = quotes;
    this.#plain = new RegExp(`[^${separator}\r\n${quotes === "escaped" ? "\\\\" : ""}]*`, "y");
  }

  get atEnd(): boolean {
    return this.at >= this.#text.length;
  }

  field(): string {
    if (this.#text[this.at] === '"' && this.#quotes !== "plain") return this.#quoted();
    let value = this.#run();
    while (this.#quotes === "escaped" && this.#text[this.at] === "\\") value += this.#escape() + this.#run();
    return value;
  }

  skipSeparator(): boolean {
    if (this.#text[this.at] !== this.#separator) return false;
    this.at++;
    return true;
  }

  skipLineEnd(): void {
    if (this.atEnd) return;
    this.at += this.#text.startsWith("\r\n", this.at) ? 2 : 1;
    this.line++;
  }

  #run(): string {
    this.#plain.lastIndex = this.at;
    const value = this.#plain.exec(this.#text)![0];
    this.at += value.length;
    return value;
  }

  // What a backslash and the character behind it stand for; both, where that has no meaning to be taken away.
  #escape(): string {
    const next = this.#text.startsWith("\r\n", this.at + 1) ? "\r\n" : (this.#text[this.at + 1] ?? "");
    this.at += 1 + next.length;
    if (/[\r\n]/.test(next)) this.line++;
    return next === '"' || next === "\\" || next === this.#separator || /[\r\n]/.test(next) ? next : `\\${next}`;
  }

  #quoted(): string {
    const opened = this.line;
    this.at++;
    let value = "";
    for (;;) {
      const end = this.#endOfQuoted();
      if (end < 0) {
        const message = 'Expected a closing quote for the field that begins here, found none: double every " in it';
        throw invalidField(`${this.#path}:${opened}`, message);
      }
      const piece = this.#text.slice(this.at, end);
      this.line += piece.match(/\r\n|\r|\n/g)?.length ?? 0;
      value += piece;
      this.at = end;
      if (this.#text[end] === "\\") value += this.#escape();
      else if (this.#text[end + 1] === '"') {
        value += '"';
        this.at += 2;
      } else break;
    }
    this.at++;
    const next = this.#text[this.at];
    if (next !== undefined && next !== this.#separator && next !== "\n" && next !== "\r") {
      throw invalidField(
        `${this.#path}:${this.line}`,
        `Expected a separator after the closing quote, received ${JSON.stringify(next)}: double every " in a field`,
      );
    }
    return value;
  }

  // Where the next quote stands, or backslash where it is one that escapes; -1 for neither.
  #endOfQuoted(): number {
    const quote = this.#text.indexOf('"', this.at);
    if (this.#quotes !== "escaped") return quote;
    const backslash = this.#text.indexOf("\\", this.at);
    return backslash >= 0 && (quote < 0 || backslash < quote) ? backslash : quote;
  }
}
