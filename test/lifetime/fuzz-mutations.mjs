// What files suffer: bytes that flip, go missing or come twice, words that change places, and values that somebody means badly.

const laughs = ["a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol]"];
for (const [own, other] of ["ba", "cb", "dc", "ed", "fe", "gf", "hg", "ih"]) {
  laughs.push(`${own}: &${own} [${Array(9).fill(`*${other}`).join(",")}]`);
}

/** Texts put into a file where they are least expected. */
export const hostile = [
  "\0",
  "\ufeff",
  "\r\n",
  "\r",
  "\t",
  "\u2028",
  "\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u{10ffff}",
  "\u202e\u2066",
  "\x1b]0;title\x07\x1b[2J",
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u0000"',
  "NaN",
  ".nan",
  "-.inf",
  "Infinity",
  "1e400",
  "-0",
  "9007199254740993",
  "18446744073709551616",
  "1".repeat(400),
  "0x1F",
  "null",
  "~",
  "{}",
  "[]",
  '""',
  '{"toString":null}',
  '{"toString":1,"valueOf":2}',
  '{"length":4294967295}',
  '"__proto__":{"polluted":true},',
  '"constructor":{"prototype":{"polluted":true}},',
  "\n__proto__: {polluted: true}\n",
  "\n__proto__: &x [*x]\n",
  "\n<<: *missing\n",
  "\nx: &x {y: *x}\n",
  '!!js/function "function () { throw 1 }"',
  "!!binary aGk=",
  "!!set {a, b}",
  "!!timestamp 2001-01-01",
  "!!float x",
  "%YAML 3.0\n---\n",
  "\n---\n",
  "\n...\n",
  "? [a, b]\n: c\n",
  "# comment\n",
  "|\n  text\n",
  ">-\n",
  "'",
  '"',
  "`",
  "{",
  "}",
  "[",
  "]",
  "{{label}",
  "{label",
  "../../../../etc/passwd",
  "/dev/null",
  "hf:a/b/c.gguf",
  `\n${laughs.join("\n")}\n`,
  `\nx: ${"[".repeat(5000)}`,
  `\nx: ${"{a: ".repeat(3000)}`,
  "\n- ".repeat(3000),
  `\n${"? ".repeat(3000)}`,
  `${'{"a":'.repeat(20_000)}1${"}".repeat(20_000)}`,
  `${"[".repeat(20_000)}${"]".repeat(20_000)}`,
  "x".repeat(300_000),
  `${"é".repeat(50_000)}\n`,
  `"${"\\n".repeat(30_000)}"`,
  "\n".repeat(20_000),
  "a: 1\n".repeat(3000),
  Array.from({ length: 3000 }, (_, i) => `k${i}: ${i}\n`).join(""),
  "*a ".repeat(2000),
  "&a ".repeat(2000),
  "(a+)+$",
  "(?<n>",
];

const invalidUtf8 = [
  Buffer.of(0xff),
  Buffer.of(0xc0, 0x80),
  Buffer.of(0xed, 0xa0, 0x80),
  Buffer.of(0xf4, 0x90, 0x80, 0x80),
];

const splice = (bytes, from, to, between = Buffer.alloc(0)) =>
  Buffer.concat([bytes.subarray(0, from), between, bytes.subarray(to)]);

// Words, numbers and strings as [begin, end).
function tokens(bytes) {
  return [...bytes.toString("latin1").matchAll(/"(?:[^"\\\n]|\\.)*"|[\w.+-]+/g)].map(({ index, 0: text }) => [
    index,
    index + text.length,
  ]);
}

function lines(bytes) {
  const text = bytes.toString("latin1").split("\n");
  return text.map((line) => Buffer.from(line, "latin1"));
}

const joined = (parts) => Buffer.from(parts.map((part) => part.toString("latin1")).join("\n"), "latin1");

const operations = [
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    const at = random(copy.length);
    copy[at] ^= 1 << random(8);
    return copy;
  },
  (bytes, random) => {
    const copy = Buffer.from(bytes);
    copy[random(copy.length)] = random(256);
    return copy;
  },
  (bytes, random) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes, random) => {
    const at = random(bytes.length);
    return splice(bytes, at, at + 1 + random(40));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return splice(bytes, at, at, bytes.subarray(at, at + 1 + random(200)));
  },
  (bytes, random) => {
    const at = random(bytes.length);
    return splice(bytes, at, at, invalidUtf8[random(invalidUtf8.length)]);
  },
  (bytes, random) => {
    const at = random(bytes.length + 1);
    return splice(bytes, at, at, Buffer.from(hostile[random(hostile.length)]));
  },
  (bytes, random) => {
    const found = tokens(bytes);
    if (found.length === 0) return bytes;
    const [from, to] = found[random(found.length)];
    return splice(bytes, from, to, Buffer.from(hostile[random(hostile.length)]));
  },
  (bytes, random) => {
    const found = tokens(bytes);
    if (found.length === 0) return bytes;
    const [from, to] = found[random(found.length)];
    const [first, last] = found[random(found.length)];
    return splice(bytes, from, to, bytes.subarray(first, last));
  },
  (bytes, random) => {
    const all = lines(bytes);
    const [one, other] = [random(all.length), random(all.length)];
    [all[one], all[other]] = [all[other], all[one]];
    return joined(all);
  },
  (bytes, random) => joined(lines(bytes).toSpliced(random(bytes.length), 1)),
  (bytes, random) => {
    const all = lines(bytes);
    const at = random(all.length);
    return joined(all.toSpliced(at, 0, all[random(all.length)]));
  },
  (bytes) => Buffer.from(bytes.toString("latin1").replaceAll("\n", "\r\n"), "latin1"),
  (bytes) => Buffer.concat([Buffer.of(0xef, 0xbb, 0xbf), bytes]),
  (bytes) => Buffer.from(bytes.toString("utf8"), "utf16le"),
];

/** The bytes after one to four of these. */
export function mutated(bytes, random) {
  let result = bytes;
  for (let times = 1 + random(4); times > 0 && result.length > 0; times--) {
    result = operations[random(operations.length)](result, random);
  }
  return result;
}
