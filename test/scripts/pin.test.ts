// What keeps a pin of llama.cpp from a release: its age, a review of another pin, a hole that nobody reviewed.
import { expect, test, vi } from "vitest";

interface Advisory {
  ids: string[];
  summary: string;
  published: string;
  fixed: boolean;
}
interface Pin {
  tag: string;
  commit: string;
  date: string;
  git: string;
}
interface Reviewed {
  ids: string[];
  part: string;
  pin: string;
  touches?: string;
}
interface Review {
  reviewedFor: string;
  reviewedOn: string;
  advisories: Reviewed[];
}
interface Told {
  pin: Pin;
  review: Review;
  today: string;
  found?: Advisory[];
}
const at = (file: string) => new URL(`../../scripts/release/${file}`, import.meta.url).href;
const { pinLines, pinProblems, readPin } = (await import(at("pin.mjs"))) as {
  pinLines(told: Told): string[];
  pinProblems(told: Told): string[];
  readPin(): { pin: Pin; review: Review };
};
const { knownTo } = (await import(at("advisories.mjs"))) as {
  knownTo(fetch: unknown, pin: Pin): Promise<{ found: Advisory[]; problems: string[] }>;
};

const git = "https://github.com/ggml-org/llama.cpp";
const pin = { tag: "v0.5.0", commit: "c1", date: "2026-09-28", git };
const entry = { ids: ["CVE-1", "GHSA-1"], part: "GGUF reader", pin: "affected", touches: "A file with intent." };
const review = { reviewedFor: "c1", reviewedOn: "2026-11-30", advisories: [entry] };
const hole = (ids: string[], published: string, fixed = false) => ({
  ids,
  summary: "A hole\nand more",
  published,
  fixed,
});

test.each<[string, Partial<Told>, RegExp[]]>([
  ["as it should be", {}, []],
  ["90 days old", { today: "2026-12-27" }, []],
  [
    "91 days old",
    { today: "2026-12-28" },
    [/^the pinned llama\.cpp \(v0\.5\.0\) is 91 days old, more than 90: move the pin/],
  ],
  ["without a date", { pin: { ...pin, date: "" } }, [/^deps\/llama\.json has no date/]],
  ["moved since the review", { review: { ...review, reviewedFor: "c0" } }, [/reviewed for c0, the pin is c1/]],
  [
    "a review that says nothing",
    {
      review: {
        ...review,
        advisories: [
          { ...entry, touches: "" },
          { ...entry, ids: ["CVE-2"], pin: "perhaps" },
        ],
      },
    },
    [/says of CVE-1 neither/, /says of CVE-2 neither/],
  ],
  [
    "known, by either name",
    { found: [hole(["GHSA-1"], "2026-10-01T00:00:00Z"), hole(["X", "CVE-1"], "2026-10-01")] },
    [],
  ],
  ["mended before the pin", { found: [hole(["CVE-3"], "2026-09-27T23:00:00Z", true)] }, []],
  ["mended after the pin", { found: [hole(["CVE-3"], "2026-09-28T01:00:00Z", true)] }, [/^CVE-3 was not reviewed/]],
  [
    "old and never mended",
    { found: [hole(["CVE-4", "GHSA-4"], "2025-01-01T00:00:00Z")] },
    [/^CVE-4, GHSA-4 was not reviewed \(add it to deps\/advisories\.json\): A hole$/],
  ],
])("a pin %s", (_, change, problems) => {
  const found = pinProblems({ pin, review, today: "2026-11-30", ...change });
  expect(found).toHaveLength(problems.length);
  for (const [i, problem] of problems.entries()) expect(found[i]).toMatch(problem);
});

test("the pin of this tree was reviewed, and what it is affected by stands first", () => {
  const told = readPin();
  expect(pinProblems({ ...told, today: told.review.reviewedOn })).toEqual([]);
  const [first, ...lines] = pinLines({ ...told, today: told.review.reviewedOn });
  expect(first).toMatch(/^llama\.cpp v\d+\.\d+\.\d+ of 2\d{3}-\d\d-\d\d, \d+ days old; reviewed on /);
  expect(lines).toHaveLength(told.review.advisories.length);
  const outcomes = lines.map((line) => line.startsWith("affected: "));
  expect(outcomes).toEqual(outcomes.toSorted((a, b) => Number(b) - Number(a)));
});

/** Answers as the three services give them; one of them may refuse. */
function services(refused?: string) {
  return vi.fn(async (url: string, options: { body?: string } = {}) => {
    const { host, searchParams } = new URL(url);
    if (host === refused) return new Response("", { status: 503 });
    if (host === "api.osv.dev") {
      expect(JSON.parse(options.body!)).toEqual({ version: "v0.5.0", package: { name: git, ecosystem: "GIT" } });
      const vulns = [
        { id: "OSV-1", aliases: ["CVE-5"], details: "In words", published: "2026-10-02T00:00:00Z" },
        { id: "OSV-2", withdrawn: "2026-10-03T00:00:00Z", published: "2026-10-02T00:00:00Z" },
      ];
      return Response.json({ vulns });
    }
    if (host === "api.github.com") {
      expect(url).toContain("/repos/ggml-org/llama.cpp/security-advisories?");
      const patched = { vulnerabilities: [{ patched_versions: "b9000" }] };
      const ghsa = { ghsa_id: "GHSA-6", cve_id: "CVE-6", summary: "Six", published_at: "2026-01-01T00:00:00Z" };
      return Response.json([
        { ...ghsa, ...patched },
        { ...ghsa, ghsa_id: "GHSA-7", cve_id: null, vulnerabilities: [] },
      ]);
    }
    expect(searchParams.get("keywordSearch")).toBe("llama.cpp");
    const isFirst = searchParams.get("pubStartDate")!.startsWith("2026-09-28");
    const cve = { id: "CVE-8", published: "2026-10-28T02:03:22.895", descriptions: [{ lang: "en", value: "Eight" }] };
    return Response.json({ vulnerabilities: isFirst ? [{ cve }] : [] });
  });
}

test("three lists are asked: of OSV what affects the tag, of GitHub all, of the NVD what came since", async () => {
  const { found, problems } = await knownTo(services(), pin);
  expect(problems).toEqual([]);
  expect(found).toEqual([
    { ids: ["OSV-1", "CVE-5"], summary: "In words", published: "2026-10-02T00:00:00Z", fixed: false },
    { ids: ["GHSA-6", "CVE-6"], summary: "Six", published: "2026-01-01T00:00:00Z", fixed: true },
    { ids: ["GHSA-7"], summary: "Six", published: "2026-01-01T00:00:00Z", fixed: false },
    { ids: ["CVE-8"], summary: "Eight", published: "2026-10-28T02:03:22.895", fixed: false },
  ]);
  const unreviewed = pinProblems({ pin, review, today: "2026-11-30", found });
  expect(unreviewed.map((problem) => problem.split(" ")[0])).toEqual(["OSV-1,", "GHSA-7", "CVE-8"]);
});

test("one that does not answer is told, and the others are heard all the same", async () => {
  const refused = await knownTo(services("api.osv.dev"), pin);
  expect(refused.problems).toEqual(["api.osv.dev could not be asked: it answered 503"]);
  expect(refused.found.map(({ ids }) => ids[0])).toEqual(["GHSA-6", "GHSA-7", "CVE-8"]);
  const nobody = await knownTo(
    () => Promise.reject(new TypeError("fetch failed", { cause: new Error("no route") })),
    pin,
  );
  expect(nobody.problems).toHaveLength(3);
  expect(nobody.problems[0]).toBe("api.osv.dev could not be asked: no route");
});
