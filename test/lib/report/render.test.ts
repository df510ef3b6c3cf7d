import { createHash } from "node:crypto";
import { beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../../lib/report/index.js";
import { script } from "../../../lib/report/script.js";
import { attacks, evilDatasets } from "./evil-datasets.js";
import { parseHtml, type Tag } from "./parse.js";

let report: string;
let tags: Tag[];
beforeAll(async () => {
  const datasets = await evilDatasets([`one${attacks[2]}`, `two${attacks[0]}`]);
  report = await renderReport(datasets, { title: `title${attacks[1]}`, made: attacks[3]! });
  tags = parseHtml(report);
});

describe("renderReport", () => {
  it("turns no text, label or name into markup", () => {
    const allowed =
      "html head meta title style body header h1 h2 h3 p nav a main section div span small b bdi table caption thead tbody tr th td " +
      "abbr ul ol li dl dt dd details summary figure figcaption svg g path line text rect br input select option button footer script noscript kbd style";
    expect([...new Set(tags.map(({ name }) => name))].filter((name) => !allowed.split(" ").includes(name))).toEqual([]);
    for (const { attributes } of tags) {
      for (const name of Object.keys(attributes)) expect(name).not.toMatch(/^on|^src$|^action$|^srcdoc$/);
      expect(attributes.href ?? "#").toMatch(/^#[a-z-]*$/);
    }
    for (const attack of attacks.filter((text) => text.includes("<"))) expect(report).not.toContain(attack);
  });

  it("runs one script, which its policy names by hash, and asks nothing of a network", () => {
    const [data, code, ...rest] = tags.filter(({ name }) => name === "script");
    expect(rest).toEqual([]);
    expect(code).toEqual({ name: "script", attributes: {}, raw: script });
    expect(data!.attributes).toEqual({ type: "application/json", id: "data" });
    const hash = createHash("sha256").update(code!.raw).digest("base64");
    const policy = tags.find(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy")!;
    expect(policy.attributes.content!.replaceAll("&#39;", "'")).toBe(
      `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`,
    );
    expect(
      report.match(/\b(?:https?:)?\/\/[a-z0-9.-]+/gi)!.filter((url) => !url.startsWith("http://www.w3.org")),
    ).toEqual([]);
    expect(script).not.toMatch(/innerHTML|insertAdjacentHTML|outerHTML|document\.write|eval|fetch|XMLHttp|import\(/);
  });

  it("holds the rows as data that reads back unchanged, with a row behind every point", () => {
    const { raw } = tags.find(({ attributes }) => attributes.id === "data")!;
    expect(raw).not.toMatch(/[<\u2028\u2029]/);
    const data = JSON.parse(raw) as {
      rows: [number, number, string, number, [number, number | null, number]?][];
      labels: string[];
      points: Record<string, number[]>;
    };
    expect(data.rows).toHaveLength(100);
    for (const attack of attacks) expect(data.rows.some(([, , text]) => text.includes(attack))).toBe(true);
    expect(data.labels).toHaveLength(4);
    expect(data.rows.map(([dataset, , , number]) => [dataset, number])).toEqual(
      Array.from({ length: 100 }, (_, i) => [Math.floor(i / 50), (i % 50) + 1]),
    );
    // the last two repeat the first and the sixth
    for (const [row, other] of [
      [48, 1],
      [49, 6],
      [0, 49],
      [5, 50],
    ] as const)
      expect(data.rows[row]![4]!.slice(0, 2)).toEqual([other, null]);
    expect(Object.keys(data.points)).toEqual(["map-0", "map-1", "cartography-0", "cartography-1"]);
    expect(data.points["map-1"]).toEqual(Array.from({ length: 50 }, (_, i) => 50 + i));
    for (const id of Object.keys(data.points)) {
      const element = report.slice(report.indexOf(`id="${id}"`));
      const marks = /role-mark[^>]*>((?:<path[^>]*>)*)/.exec(element)![1]!;
      expect(marks.match(/<path/g)).toHaveLength(50);
    }
  });

  it("can be read by everyone: language, headings, names of pictures and tables, links that lead somewhere", () => {
    expect(tags.find(({ name }) => name === "html")!.attributes.lang).toBe("en");
    expect(tags.filter(({ name }) => name === "h1")).toHaveLength(1);
    const ids = tags.flatMap(({ attributes }) => (attributes.id === undefined ? [] : [attributes.id]));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { attributes } of tags.filter(({ name }) => name === "a"))
      expect(ids).toContain(attributes.href!.slice(1));
    for (const { attributes } of tags.filter(({ attributes }) => attributes.class === "chart")) {
      expect(attributes).toMatchObject({ role: "img", "aria-label": expect.stringMatching(/\w/) as unknown });
    }
    const tables = tags.filter(({ name }) => name === "table").length;
    expect(tags.filter(({ name }) => name === "caption")).toHaveLength(tables);
    for (const { attributes } of tags.filter(({ name }) => name === "input" || name === "select")) {
      expect(attributes["aria-label"]).toMatch(/\w/);
    }
  });

  it("says what is missing and why, and what was left out", async () => {
    const [dataset] = await evilDatasets(["plain"]);
    const missing = { value: null, reason: "no embedder was given" };
    const evaluation = { ...dataset!.evaluation, mauve: missing, map: missing, labelCosine: missing };
    const page = await renderReport([{ ...dataset!, evaluation, notes: ["1 line was left out"] }], { maxRows: 10 });
    parseHtml(page);
    // one line for all three, and no section, link or card of their own
    expect(page).toContain("<li><b>MAUVE, similarity of labels, map of the rows</b>: no embedder was given</li>");
    expect(page.match(/no embedder was given/g)).toHaveLength(1);
    for (const id of ["mauve", "labels", "map"]) expect(page).not.toMatch(new RegExp(`id="${id}"|href="#${id}"`));
    expect(page).not.toMatch(/Not available|<dd>–|<small>no embedder/);
    expect(page).toContain("<li>1 line was left out</li>");
    expect(page).toContain("The page holds 10 of the 50 rows, evenly spread over them.");
    expect(page).not.toContain("Rejected rows");
    expect(page).not.toContain('<select id="dataset"');
    await expect(renderReport([])).rejects.toThrow("Expected at least one evaluation");
  });

  it("has the rows first, and the rejected ones with them: by reason, with labels that no other row has", async () => {
    const [dataset] = await evilDatasets(["plain"]);
    const evil = `label${attacks[2]}`;
    const rejected = {
      rows: [
        { text: "too", label: evil, reason: "min-words" },
        { text: attacks[1]!, label: evil, reason: "label", takenFor: attacks[0]! },
        { text: "a", label: evil, reason: "min-words" },
      ],
      lacking: "the run keeps 3 of 9",
    };
    const page = await renderReport([{ ...dataset!, rejected }]);
    const parsed = parseHtml(page);
    expect(parsed.find(({ name }) => name === "section")!.attributes.id).toBe("all-rows");
    expect(page).toContain("<b>Rejected rows</b>: the run keeps 3 of 9.");
    const options = [...page.matchAll(/<option value="(\w+)">([^<]*)<\/option>/g)].map(
      ([, value, name]) => `${value} ${name}`,
    );
    for (const option of [
      "accepted accepted (50)",
      "rejected rejected (3)",
      "0 rejected: min-words (2)",
      "1 rejected: label (1)",
      "all accepted and rejected (53)",
    ]) {
      expect(options).toContain(option);
    }
    const { raw } = parsed.find(({ attributes }) => attributes.id === "data")!;
    const data = JSON.parse(raw) as { labels: string[]; rejected: unknown[][] };
    expect(data.labels.at(-1)).toBe(evil);
    expect(data.rejected).toEqual([
      [0, 4, "too", 0],
      [0, 4, attacks[1], 1, attacks[0]],
      [0, 4, "a", 0],
    ]);
    const none = await renderReport([{ ...dataset!, rejected: { rows: [] } }]);
    expect(none).toContain("<b>Rejected rows</b>: none.");
    expect(none).not.toContain('value="rejected"');
  });

  it("draws 400 labels by 400, more cells than a call has room for arguments", async () => {
    const [dataset] = await evilDatasets(["plain"]);
    const labels = Array.from({ length: 400 }, (_, i) => `label ${i}`);
    const matrix = labels.map((_, r) => labels.map((_, c) => (r === c ? 0.9 : 0.25)));
    const labelCosine = { value: { labels, matrix, features: "letters", n: 50 } };
    const page = await renderReport([{ ...dataset!, evaluation: { ...dataset!.evaluation, labelCosine } }]);
    expect(page).toContain("Shades run from 0.25 to 0.90.");
    expect(page.match(/--v:100%/g)!.length).toBeGreaterThanOrEqual(400);
  });
});
