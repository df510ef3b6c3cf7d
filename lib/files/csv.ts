// CSV and TSV as RFC 4180 has them: quoted fields may hold separators, line breaks and doubled quotes.
import { invalidField } from "../errors.js";

/** A record and the line that it begins on, from 1. */
export interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

/**
 * The records of a CSV text, the header among them. Lines end with "\n", "\r\n" or "\r"; empty ones are skipped.
 * @param path  what the text is called in errors.
 * @param separator  one character; default ",".
 * @throws {InvalidConfigError} CORRSYNTH_INVALID_CONFIG, with `path:line`, when a quote is not closed, or something
 *   else than a separator follows a closing quote.
 */
export function* parseCsv(text: string, path: string, separator = ","): Generator<CsvRecord, void, undefined> {
  const reader = new FieldReader(text, path, separator);
  while (!reader.atEnd) {
    const line = reader.line;
    const fields = [reader.field()];
    while (reader.skipSeparator()) fields.push(reader.field());
    reader.skipLineEnd();
    const isEmptyLine = fields.length === 1 && fields[0] === "" && reader.line - line <= 1;
    if (!isEmptyLine) yield { fields, line };
  }
}

class FieldReader {
  line = 1;
  #at = 0;
  readonly #text: string;
  readonly #path: string;
  readonly #separator: string;
  readonly #plain: RegExp;

  constructor(text: string, path: string, separator: string) {
    this.#text = text;
    this.#path = path;
    this.#separator = separator;
    this.#plain = new RegExp(`[^${separator}\r\n]*`, "y");
  }

  get atEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  field(): string {
    if (this.#text[this.#at] === '"') return this.#quoted();
    this.#plain.lastIndex = this.#at;
    const value = this.#plain.exec(this.#text)![0];
    this.#at += value.length;
    return value;
  }

  skipSeparator(): boolean {
    if (this.#text[this.#at] !== this.#separator) return false;
    this.#at++;
    return true;
  }

  skipLineEnd(): void {
    if (this.atEnd) return;
    this.#at += this.#text.startsWith("\r\n", this.#at) ? 2 : 1;
    this.line++;
  }

  #quoted(): string {
    const opened = this.line;
    let value = "";
    for (let from = this.#at + 1; ; ) {
      const quote = this.#text.indexOf('"', from);
      if (quote < 0) {
        throw invalidField(
          `${this.#path}:${opened}`,
          'Expected a closing quote for the field that begins here, found none: double every " in it',
        );
      }
      value += this.#text.slice(from, quote);
      if (this.#text[quote + 1] !== '"') {
        this.#at = quote + 1;
        break;
      }
      value += '"';
      from = quote + 2;
    }
    this.line += value.match(/\r\n|\r|\n/g)?.length ?? 0;
    const next = this.#text[this.#at];
    if (next !== undefined && next !== this.#separator && next !== "\n" && next !== "\r") {
      throw invalidField(
        `${this.#path}:${this.line}`,
        `Expected a separator after the closing quote, received ${JSON.stringify(next)}: double every " in a field`,
      );
    }
    return value;
  }
}
