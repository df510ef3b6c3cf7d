// What a shared library of Linux says of itself: processor, libraries and symbols that it needs, symbols that it gives.

/** Of 64 bits and little endian, as both our processors are. */
export function readElf(bytes) {
  const machine = { 62: "x64", 183: "arm64" }[bytes.readUInt16LE(18)] ?? "another processor";
  const sections = readSections(bytes);
  const find = (type) => sections.find((section) => section.type === type);
  const [dynamic, symbols] = [find(6), find(11)]; // SHT_DYNAMIC, SHT_DYNSYM
  if (dynamic === undefined || symbols === undefined)
    throw new Error("Expected a shared library, received another file");
  const names = stringsAt(bytes, sections[symbols.link]);
  const needed = [];
  for (const [tag, value] of pairs(bytes, dynamic)) if (tag === 1) needed.push(names(value)); // DT_NEEDED
  const required = readRequired(bytes, find(0x6ffffffe), names); // SHT_GNU_verneed
  const versionOf = find(0x6fffffff); // SHT_GNU_versym
  const exported = [];
  const imported = [];
  for (let i = 1; i < symbols.size / 24; i++) {
    const at = symbols.offset + i * 24;
    const name = names(bytes.readUInt32LE(at));
    const binding = bytes[at + 4] >> 4;
    const isDefined = bytes.readUInt16LE(at + 6) !== 0;
    const index = versionOf === undefined ? 0 : bytes.readUInt16LE(versionOf.offset + i * 2) & 0x7fff;
    if (isDefined) exported.push(name);
    else if (name !== "") imported.push({ name, version: required.get(index), isWeak: binding === 2 });
  }
  return { format: "ELF", machine, needed, versions: [...new Set(required.values())], exported, imported };
}

function readSections(bytes) {
  const [start, size, count] = [Number(bytes.readBigUInt64LE(40)), bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  return Array.from({ length: count }, (_, i) => {
    const at = start + i * size;
    const number = (offset) => Number(bytes.readBigUInt64LE(at + offset));
    return {
      type: bytes.readUInt32LE(at + 4),
      offset: number(24),
      size: number(32),
      link: bytes.readUInt32LE(at + 40),
    };
  });
}

function stringsAt(bytes, { offset }) {
  return (index) => bytes.toString("utf8", offset + index, bytes.indexOf(0, offset + index));
}

function* pairs(bytes, { offset, size }) {
  for (let at = offset; at < offset + size; at += 16) {
    yield [Number(bytes.readBigInt64LE(at)), Number(bytes.readBigUInt64LE(at + 8))];
  }
}

/** Versions such as GLIBC_2.28 by the index that symbols name them by. */
function readRequired(bytes, section, names) {
  const versions = new Map();
  if (section === undefined) return versions;
  for (let at = section.offset, more = true; more; ) {
    const [count, first, next] = [bytes.readUInt16LE(at + 2), bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 12)];
    for (let i = 0, entry = at + first; i < count; i++, entry += bytes.readUInt32LE(entry + 12)) {
      versions.set(bytes.readUInt16LE(entry + 6), names(bytes.readUInt32LE(entry + 8)));
    }
    more = next !== 0;
    at += next;
  }
  return versions;
}
