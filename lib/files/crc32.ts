// The checksum of journal lines.
import zlib from "node:zlib";

/**
 * Node's own. Not imported by its name: a Node that lacks it would refuse all of the package for that, in words that
 * say nothing of its version.
 */
export const { crc32 } = zlib;
