import fc from "fast-check";
import { expect, it } from "vitest";
import { ModelLoadError } from "../../../lib/errors.js";
import { partsOf } from "../../../lib/hub/split.js";
import { formatHubUri, isHubUri, parseHubUri } from "../../../lib/hub/uri.js";

it("reads repository, revision and file", () => {
  const read = (text: string) => {
    const { repository, revision, file } = parseHubUri(text);
    return [repository, revision, file];
  };
  expect(read("hf:owner/repo/file.gguf")).toEqual(["owner/repo", "main", "file.gguf"]);
  expect(read("hf://owner/repo/file.gguf")).toEqual(["owner/repo", "main", "file.gguf"]);
  expect(read("hf:o/r@v1.0/sub/folder/f.gguf")).toEqual(["o/r", "v1.0", "sub/folder/f.gguf"]);
  expect(read("hf:o/r@refs/pr/12/f.gguf")).toEqual(["o/r", "refs/pr/12", "f.gguf"]);
  expect(read("hf:o/r@refs/convert/gguf/f.gguf")).toEqual(["o/r", "refs/convert/gguf", "f.gguf"]);
  expect(read("hf:o/r@feature%2Fx/f.gguf")).toEqual(["o/r", "feature/x", "f.gguf"]);
  expect(read("hf:o/r/name@with at.gguf")).toEqual(["o/r", "main", "name@with at.gguf"]);
  expect(read("hf:Qwen/Qwen2.5-0.5B_x.y/f.gguf")).toEqual(["Qwen/Qwen2.5-0.5B_x.y", "main", "f.gguf"]);
  expect(read("hf:o/r")).toEqual(["o/r", "main", ""]);
});

it.each([
  ...["", "hf:", "hf:o", "o/r/f.gguf", "HF:o/r/f", "https://example.org/o/r", "hf:/o/r/f", "hf:o//f", "hf:o/r//f"],
  ...["hf:o/r/../f", "hf:o/r/a/../../f", "hf:o/r/a/..", "hf:o/r/./f", "hf:o/r/a\\..\\f", "hf:o/r/C:/f", "hf:o/r/a/"],
  ...["hf:o/r/a\0b", "hf:o/r/a\nb", "hf:o/r/\ud800", "hf:o/r/a/c:f"],
  ...["hf:../r/f", "hf:o/../f", "hf:o/./f", "hf:.o/r/f", "hf:o/r-/f", "hf:o--p/r/f", "hf:o/r..s/f", "hf:o o/r/f"],
  ...[
    "hf:o/r@/f",
    "hf:o/r@../f",
    "hf:o/r@%2e%2e/f",
    "hf:o/r@a%2F..%2Fb/f",
    "hf:o/r@%/f",
    "hf:o/r@a b/f",
    "hf:o/r@a%2F/f",
  ],
  ...["hf:o/r@refs/pr/../f", "hf:o@main/r/f", `hf:o/${"r".repeat(97)}/f`],
])("refuses %j, and says which form it has", (text) => {
  expect(() => parseHubUri(text)).toThrow(ModelLoadError);
  expect(() => parseHubUri(text)).toThrow(/hf:owner\/repo\/file\.gguf .*received/);
});

const name = fc.stringMatching(/^[A-Za-z0-9]([._]?[A-Za-z0-9]){0,20}$/);
const step = fc
  .string({ minLength: 1, maxLength: 12, unit: "grapheme" })
  .filter((text) => !/[/\\\p{Cc}\p{Cs}]/u.test(text) && !/^(\.\.?$|[A-Za-z]:)/.test(text));
const revision = fc.oneof(
  fc.constantFrom("main", "refs/pr/7", "refs/convert/x", "a/b/c"),
  fc.stringMatching(/^[a-z0-9]([.+=/-]?[a-z0-9_]){0,12}$/),
);

it("what is formatted is read back the same, whatever names it has", () => {
  const uri = fc.record({ owner: name, repo: name, revision, steps: fc.array(step, { maxLength: 4 }) });
  fc.assert(
    fc.property(uri, ({ owner, repo, revision, steps }) => {
      const uri = { repository: `${owner}/${repo}`, revision, file: steps.join("/") };
      expect(parseHubUri(formatHubUri(uri))).toEqual(uri);
    }),
  );
});

it("no text is read as a file outside of its repository", () => {
  const piece = fc.constantFrom(
    "hf:",
    "o",
    "/",
    "..",
    ".",
    "\\",
    "@",
    "%2F",
    "%2e",
    "main",
    "refs/pr/",
    "C:",
    "\0",
    "f",
  );
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => `hf:o/r${pieces.join("")}`);
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (text) => {
      let uri: ReturnType<typeof parseHubUri>;
      try {
        uri = parseHubUri(text);
      } catch (error) {
        expect(error).toBeInstanceOf(ModelLoadError);
        return;
      }
      for (const path of [uri.repository, uri.revision, ...(uri.file === "" ? [] : [uri.file])]) {
        expect(path.split(/[/\\]/).filter((step) => ["", ".", ".."].includes(step))).toEqual([]);
      }
    }),
    { numRuns: 2000 },
  );
});

it("only hf: makes a URI", () => {
  expect(["hf:o/r/f", "hf:", "./hf:x", "demo", "C:\\hf:"].map(isHubUri)).toEqual([true, true, false, false, false]);
});

it("a model is in one file, or in as many as its first part says", () => {
  expect(partsOf("a/m.gguf")).toEqual(["a/m.gguf"]);
  expect(partsOf("a/m-00001-of-00003.gguf")).toEqual([
    "a/m-00001-of-00003.gguf",
    "a/m-00002-of-00003.gguf",
    "a/m-00003-of-00003.gguf",
  ]);
  expect(() => partsOf("a/m-00002-of-00003.gguf")).toThrow(/name "a\/m-00001-of-00003.gguf"/);
});
