/** Which C library this process runs on: an addon made for the other one does not load. */
import { closeSync, openSync, readSync } from "node:fs";

/**
 * Whether a program of Linux runs on musl, as on Alpine: its file names the loader that starts it. One that names none, or
 * cannot be read, counts as of glibc, unless it is that loader itself.
 * @internal
 */
export function runsOnMusl(program: string = process.execPath): boolean {
  return (interpreterOf(program) ?? program).includes("/ld-musl-");
}

// Of an ELF file of 64 bits: what stands where the entry PT_INTERP of its program headers points.
function interpreterOf(program: string): string | undefined {
  let file: number | undefined;
  try {
    file = openSync(program, "r");
    const header = read(file, 64, 0);
    if (header.readUInt32BE(0) !== 0x7f454c46) return undefined;
    const size = header.readUInt16LE(54);
    const table = read(file, size * header.readUInt16LE(56), Number(header.readBigUInt64LE(32)));
    for (let at = 0; at < table.length; at += size) {
      if (table.readUInt32LE(at) !== 3) continue;
      const length = Math.min(4096, Number(table.readBigUInt64LE(at + 32)));
      return read(file, length, Number(table.readBigUInt64LE(at + 8))).toString("latin1");
    }
  } catch {
    // such as a program that may be run, but not read
  } finally {
    if (file !== undefined) closeSync(file);
  }
  return undefined;
}

function read(file: number, length: number, position: number): Buffer {
  const bytes = Buffer.alloc(length);
  if (readSync(file, bytes, 0, length, position) < length) throw new RangeError("Expected a longer file");
  return bytes;
}
