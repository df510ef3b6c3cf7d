/** numpy's file format: a header, then the numbers row by row. */

/**
 * The header of a [rows, columns] array of little-endian float32 (format 1.0), padded so that the numbers begin at a
 * multiple of 64 bytes.
 */
export function npyHeader(rows: number, columns: number): Uint8Array {
  const magic = 10; // bytes: \x93NUMPY, the version, and the length of what follows
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`;
  const length = Math.ceil((magic + dictionary.length + 1) / 64) * 64 - magic;
  const header = Buffer.from(`\x93NUMPY\x01\x00..${dictionary.padEnd(length - 1)}\n`, "latin1");
  header.writeUInt16LE(length, 8);
  return header;
}
