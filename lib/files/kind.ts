// What a file is, by its first bytes: what is read, and of what is not, what it is and how to get rows out of it.
import { extname } from "node:path";

/** What is read. */
export type FileKind = "text" | "gzip" | "parquet";

/** A kind that is read, or what the file is and what to do. */
export type Recognised = { readonly kind: FileKind } | { readonly problem: string };

/** Bytes that tell. */
export const beginningBytes = 4096;

const saveAsCsv = "save the sheet as CSV (UTF-8), and name that";
const toLines = 'df.to_json("rows.jsonl", orient="records", lines=True)';
const toParquet = 'dataset.to_parquet("rows.parquet")';

// First bytes as hexadecimal digits, what such a file is, and what to do with it.
const signatures: readonly (readonly [bytes: string, what: string, remedy: string])[] = [
  ["28b52ffd", "a file packed by zstd", "unpack it first: zstd -d FILE"],
  ["425a68", "a file packed by bzip2", "unpack it first: bunzip2 FILE"],
  ["fd377a585a00", "a file packed by xz", "unpack it first: unxz FILE"],
  ["377abcaf271c", "a 7z archive", "unpack it first"],
  ["526172211a07", "a RAR archive", "unpack it first"],
  ["d0cf11e0a1b11ae1", "an Excel workbook (.xls)", saveAsCsv],
  [
    "53514c69746520666f726d6174203300",
    "an SQLite database",
    "export the table as CSV: sqlite3 -header -csv FILE QUERY",
  ],
  ["894844460d0a1a0a", "an HDF5 file", `write its rows as JSON Lines, with pandas: ${toLines}`],
  [
    "4152524f5731",
    "an Arrow or Feather file",
    `write its rows as Parquet, with datasets: ${toParquet}, with pandas: df.to_parquet("rows.parquet")`,
  ],
  ["46454131", "a Feather file", `write its rows as JSON Lines, with pandas: ${toLines}`],
  ["4f626a01", "an Avro file", `write its rows as JSON Lines, with pandas: ${toLines}`],
  ["4f5243", "an ORC file", `write its rows as JSON Lines, with pandas: ${toLines}`],
  ["25504446", "a PDF document", "copy its rows into a CSV file"],
  ["934e554d5059", "a NumPy array", "write its rows as CSV or JSON Lines"],
];

const pickle = `a Python pickle, which is never opened, since it can run any code: write its rows with pandas: ${toLines}`;
const texts: readonly (readonly [beginning: RegExp, problem: string])[] = [
  [/^version https:\/\/git-lfs\.github\.com\/spec/, "a Git LFS pointer, and not the file itself: git lfs pull"],
  [/^\s*<(!doctype html|html)\b/i, "a web page: download the file itself (on a hub, its raw or resolve link)"],
  [/^\s*<\?xml\b/i, "an XML document: write its rows as CSV or JSON Lines"],
  [/^\{\\rtf/, "a formatted text (RTF): save it as plain text"],
];

/** @param beginning  the first {@link beginningBytes} bytes, or all. */
export function recognise(path: string, beginning: Buffer): Recognised {
  const starts = (hex: string) => beginning.subarray(0, hex.length / 2).toString("hex") === hex;
  if (starts("1f8b")) return { kind: "gzip" };
  if (starts("50415231")) return { kind: "parquet" };
  const problem = (what: string) => ({ problem: `Expected rows as text or Parquet, received ${what}` });
  if (starts("504b0304") || starts("504b0506")) return problem(archive(extname(path).toLowerCase()));
  for (const [bytes, what, remedy] of signatures) {
    if (starts(bytes)) return problem(`${what}: ${remedy}`);
  }
  if (beginning[0] === 0x80 && beginning[1]! >= 2 && beginning[1]! <= 5) return problem(pickle);
  if (beginning.subarray(257, 262).toString("latin1") === "ustar") return problem("a tar archive: unpack it first");
  const text = beginning
    .subarray(0, 256)
    .toString("latin1")
    .replace(/^\u00ef\u00bb\u00bf/, "");
  const found = texts.find(([pattern]) => pattern.test(text));
  return found === undefined ? { kind: "text" } : problem(found[1]);
}

function archive(extension: string): string {
  if (/^\.xls[xmb]$/.test(extension)) return `an Excel workbook (${extension}): ${saveAsCsv}`;
  if (extension === ".ods") return `a spreadsheet (.ods): ${saveAsCsv}`;
  if (extension === ".docx" || extension === ".odt") return `a document (${extension}): copy its rows into a CSV file`;
  if (extension === ".npz") return "NumPy arrays (.npz): write their rows as CSV or JSON Lines";
  return "a ZIP archive, or what is one inside (a workbook, a model of PyTorch): unpack it, or save a sheet as CSV";
}
