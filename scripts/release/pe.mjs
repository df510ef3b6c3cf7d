// What a library of Windows says of itself: processor, libraries and names that it needs, names that it gives.

/** Of 64 bits (PE32+). */
export function readPe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  const machine = { 34404: "x64", 43620: "arm64" }[bytes.readUInt16LE(header + 4)] ?? "another processor";
  const optional = header + 24;
  if (bytes.readUInt16LE(optional) !== 0x20b) return { format: "PE of 32 bits", machine };
  const place = placesOf(bytes, header, optional);
  const text = (address) => bytes.toString("latin1", place(address), bytes.indexOf(0, place(address)));
  const directory = (number) => bytes.readUInt32LE(optional + 112 + number * 8);
  const needed = [];
  const imported = [];
  //               table, bytes of an entry, where its library's name and its names stand; 13: those loaded when first called
  for (const [table, size, nameAt, namesAt] of [
    [1, 20, 12, 0],
    [13, 32, 4, 16],
  ]) {
    if (directory(table) === 0) continue;
    for (let at = place(directory(table)); bytes.readUInt32LE(at + nameAt) !== 0; at += size) {
      needed.push(text(bytes.readUInt32LE(at + nameAt)));
      const names = bytes.readUInt32LE(at + namesAt) || bytes.readUInt32LE(at + 16);
      for (let entry = place(names); ; entry += 8) {
        const value = bytes.readBigUInt64LE(entry);
        if (value === 0n) break;
        if (value >> 63n === 0n) imported.push({ name: text(Number(value) + 2) }); // else by number
      }
    }
  }
  return { format: "PE", machine, needed, exported: exportsOf(bytes, directory(0), place, text), imported };
}

function exportsOf(bytes, address, place, text) {
  if (address === 0) return [];
  const at = place(address);
  const [count, names] = [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 32)];
  return Array.from({ length: count }, (_, i) => text(bytes.readUInt32LE(place(names) + i * 4)));
}

/** From addresses in memory to places in the file. */
function placesOf(bytes, header, optional) {
  const first = optional + bytes.readUInt16LE(header + 20);
  const sections = Array.from({ length: bytes.readUInt16LE(header + 6) }, (_, i) => {
    const at = first + i * 40;
    const [size, address, raw] = [8, 12, 20].map((offset) => bytes.readUInt32LE(at + offset));
    return { size, address, raw };
  });
  return (address) => {
    const section = sections.find((each) => address >= each.address && address < each.address + each.size);
    if (section === undefined) throw new Error(`Expected an address inside the library, received ${address}`);
    return address - section.address + section.raw;
  };
}
