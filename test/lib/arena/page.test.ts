// The page of an arena: hostile rows stay text, and it asks nothing of any network.
import { describe, expect, it } from "vitest";
import { frontierCurves } from "../../../lib/arena/frontier.js";
import { arenaPage } from "../../../lib/arena/page.js";
import { summaryOf } from "../../../lib/arena/summary.js";
import { recordOf } from "./figures.js";

const hostile = '<script>alert(1)</script><img src=x onerror="a()">';
const record = recordOf(
  { fewgen: [50, 52, 48, 51, 49], cross: [55, 58, 52, 57, 53] },
  {
    arms: [
      { name: "fewgen", why: hostile, fields: { method: { name: "fewgen" } } },
      { name: "cross", why: "", fields: { prompt: { instruction: hostile } } },
    ],
    failed: [{ arm: "chat", reason: `${hostile} | a` }],
    leftOut: [{ name: "guided", reason: hostile }],
    embedder: hostile,
  },
);
const samples = new Map([["cross", [{ text: hostile, label: hostile }]]]);

describe("the page", async () => {
  const text = await arenaPage(record, { samples, task: `# ${hostile}`, made: hostile });

  it("escapes rows, labels, reasons, names of models and tasks", () => {
    expect(text).not.toContain("<script");
    expect(text).not.toContain("<img");
    expect(text.split("&lt;script&gt;alert(1)&lt;/script&gt;").length).toBeGreaterThan(7);
  });

  it("forbids all but its own styles, and names no address", () => {
    expect(text).toContain(
      `content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;"`,
    );
    expect(text.replaceAll("http://www.w3.org/", "")).not.toMatch(/https?:|<link|@import|url\(/);
  });

  it("has the winner first, both tables with their figures, the frontier and the task", () => {
    expect(text.indexOf("cross beats fewgen")).toBeLessThan(text.indexOf("<main>"));
    for (const id of ["tokens", "rows", "frontier", "labels", "rows-of-arms", "task", "made"])
      expect(text).toContain(`<section id="${id}"`);
    expect(text.match(/\+5\.0 \(\+3\.8 … \+6\.2\)\*/g)).toHaveLength(2);
    expect(text).toContain("<svg");
  });
});

it("the summary is Markdown that nothing in it can break", () => {
  const text = summaryOf(record);
  expect(text).toMatch(/^# Arena\n\ncross beats fewgen/);
  expect(text.match(/^\| cross \|.*\+5\.0 \(\+3\.8 … \+6\.2\)\* \|$/gm)).toHaveLength(2);
  expect(text).toContain("- chat could not be run: \\<script\\>alert(1)\\</script\\>");
});

it("the frontier has FewGen's temperatures as a line, from the least varied on, and the others as points", () => {
  const arms = ["fewgen", "fewgen-t0.7", "cross"].map((name) => ({
    ...{ name, why: "" },
    fields:
      name === "cross"
        ? { method: { name: "cross" } }
        : { method: { name: "fewgen" }, ...(name === "fewgen" ? {} : { sampling: { temperature: 0.7 } }) },
  }));
  const own = recordOf({ fewgen: [50], "fewgen-t0.7": [52], cross: [55] }, { arms });
  const varied = own.tables.rows.map((line, i) => ({
    ...line,
    selfBleu5: { ...line.selfBleu5, mean: [0.1, 0.2, 0.05][i]! },
  }));
  const curves = frontierCurves({ ...own, tables: { ...own.tables, rows: varied } });
  expect(curves.map(({ name, points }) => [name, points.map(({ text, x, y }) => [text, x, y])])).toEqual([
    [
      "FewGen by temperature",
      [
        ["fewgen-t0.7", 20, 52],
        ["fewgen", 10, 50],
      ],
    ],
    ["cross", [["cross", 5, expect.closeTo(55)]]],
  ]);
});
