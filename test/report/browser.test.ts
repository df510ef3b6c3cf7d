// The report in a real browser: hostile rows, 10,000 rows, search and filters, keys, print. Runs where there is a `chromium`, e.g.
// after `apt-get install chromium`; says so where not.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DuplicatePair } from "../../lib/near/duplicates.js";
import { type NamedEvaluation, type RejectedText, renderReport } from "../../lib/report/index.js";
import { Browser, hasChromium, type Tab } from "../lib/helpers/browser.js";
import { attacks, evilDatasets } from "../lib/report/evil-datasets.js";

const isThere = hasChromium();
if (!isThere) console.warn("No chromium found: the report is not tested in a browser. apt-get install chromium");

let directory: string;
let browser: Browser;
let evil: NamedEvaluation;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-report-"));
  if (isThere) browser = Browser.start();
  evil = (await evilDatasets(["rows"]))[0]!;
});
afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true });
});

let files = 0;
async function opened(page: string, before?: (tab: Tab) => Promise<unknown>): Promise<{ tab: Tab; url: string }> {
  const file = join(directory, `report-${files++}.html`);
  await writeFile(file, page);
  const url = pathToFileURL(file).href;
  const tab = await browser.open(before === undefined ? url : "about:blank");
  if (before !== undefined) {
    await before(tab);
    await browser.send("Page.navigate", { url }, tab.id);
  }
  await tab.until(`document.readyState === "complete" && document.getElementById("rows")`);
  return { tab, url };
}

interface Row {
  readonly text: string;
  readonly label: string;
}

const labels = ["animal", "plant", `zoo"><img src=x onerror="window.broken = 9">`];
const rowsOf = (texts: readonly string[]) => texts.map((text, i): Row => ({ text, label: labels[i % 3]! }));

/** A dataset of these rows, with no figures but those that every one has. */
function datasetOf(
  rows: readonly Row[],
  pairs: readonly DuplicatePair[] = [],
  rejected?: readonly RejectedText[],
): NamedEvaluation {
  const n = rows.length;
  const none = { value: null, reason: "the test has none" } as const;
  const evaluation = {
    ...evil.evaluation,
    rows: { n, blank: 0, unknownLabel: 0, labels: Object.fromEntries(rows.map(({ label }) => [label, 1])) },
    duplicates: { n, exactRate: 0, near: pairs.length, nearRate: pairs.length / n, pairs },
    ...{ copiesOfSeeds: none, copiesOfGold: none, map: none, cartography: none, ownStudent: none },
  };
  return { name: "rows", evaluation, rows, ...(rejected === undefined ? {} : { rejected: { rows: rejected } }) };
}

const texts = `[...document.querySelectorAll("#rows .text")].map((text) => text.textContent)`;
const countText = `document.getElementById("count").textContent`;
/** Chooses a value as a person does, and says how many rows there are then. */
const choose = (tab: Tab, id: string, value: string) =>
  tab.evaluate<string>(`((one) => {
    one.value = ${JSON.stringify(value)};
    one.dispatchEvent(new Event(one.tagName === "INPUT" ? "input" : "change"));
    return ${countText};
  })(document.getElementById("${id}"))`);
const focusFirst = (tab: Tab) => tab.evaluate(`document.querySelector("#rows li").focus()`);
const focused = `document.activeElement.closest("#rows li")?.querySelector(".text").textContent`;

describe.runIf(isThere)("the report in Chromium", () => {
  it("hostile rows, labels, reasons and names stay text, and nothing is asked of anybody", async () => {
    const hostile = [...attacks, "\u202eright to left", "\u2067\u202e isolate", "w".repeat(100_000), "a\u2028b\u2029c"];
    const rejected = hostile.map((text, i) => ({
      text,
      label: attacks[i % 8]!,
      reason: attacks[(i + 1) % 8]!,
      takenFor: text,
    }));
    const page = await renderReport(
      [
        {
          ...datasetOf(rowsOf(hostile), [{ first: 0, second: 1, similarity: 0.8, exact: false }], rejected),
          name: `one${attacks[0]}`,
        },
        ...(await evilDatasets([`two${attacks[2]}`])),
      ],
      { title: attacks[1]! },
    );
    const { tab, url } = await opened(page);
    await choose(tab, "dataset", "0");
    const cut = hostile.map((text) => (text.length <= 2000 ? text : `${text.slice(0, 2000)}…`));
    expect(await tab.evaluate(texts)).toEqual(cut);
    expect(await choose(tab, "state", "rejected")).toBe("12 rows");
    expect(await tab.evaluate(texts)).toEqual(cut);
    const facts = `[window.broken === undefined, document.images.length, document.documentElement.scrollWidth > innerWidth]`;
    expect(await tab.evaluate(facts)).toEqual([true, 0, false]);
    expect(tab.requests).toEqual([url]);
    expect(tab.log).toEqual([]);
  });

  it("refuses a script that is not its own, and requests", async () => {
    const { tab, url } = await opened(await renderReport([datasetOf(rowsOf(["a fox"]))]));
    await tab.evaluate(
      `document.body.append(Object.assign(document.createElement("script"), { textContent: "window.broken = 1" }))`,
    );
    expect(await tab.evaluate(`fetch("http://127.0.0.1:9/").then(() => "asked", () => "refused")`)).toBe("refused");
    expect(await tab.evaluate("window.broken")).toBeUndefined();
    expect(tab.requests).toEqual([url]);
    await tab.until("true");
    expect(tab.log.join()).toContain("Content Security Policy");
  });

  it("searches by words in any case and Unicode form, filters by label and state, and says what a row is like", async () => {
    const rows = rowsOf(["a red fox", "a red fern", "a blue whale", "A RED FOX", "cafe\u0301 society"]);
    const rejected: RejectedText[] = [
      { text: "red", label: "animal", reason: "min-words" },
      { text: "as an AI", label: "plant", reason: "assistant" },
      { text: "", label: "plant", reason: "min-words" },
      { text: "a red herring", label: "plant", reason: "label", takenFor: "animal" },
    ];
    const pairs = [
      { first: 0, second: 3, similarity: 1, exact: true },
      { first: 1, second: 3, similarity: 0.75, exact: false },
    ];
    const { tab } = await opened(await renderReport([datasetOf(rows, pairs, rejected)]));
    expect(await tab.evaluate(countText)).toBe("5 rows");
    expect(await choose(tab, "query", "fox RED")).toBe("2 rows");
    expect(await choose(tab, "query", "caf\u00e9")).toBe("1 row");
    expect(await choose(tab, "query", "red")).toBe("3 rows");
    expect(await choose(tab, "label", "0")).toBe("2 rows"); // a red fox, A RED FOX
    expect(await choose(tab, "state", "all")).toBe("3 rows");
    expect(await choose(tab, "state", "rejected")).toBe("1 row");
    await choose(tab, "query", "");
    await choose(tab, "label", "");
    expect(await tab.evaluate(`[...state.options].map(({ text }) => text)`)).toEqual([
      "accepted (5)",
      "near duplicates (3)",
      "rejected (4)",
      "rejected: min-words (2)",
      "rejected: assistant (1)",
      "rejected: label (1)",
      "accepted and rejected (9)",
    ]);
    expect(await choose(tab, "state", "0")).toBe("2 rows");
    expect(await tab.evaluate(texts)).toEqual(["red", "(no text)"]);
    expect(await choose(tab, "state", "2")).toBe("1 row");
    expect(await tab.evaluate(`document.querySelector("#rows .side").textContent`)).toBe(
      "plantrejected: label, taken for animal",
    );
    expect(await choose(tab, "state", "alike")).toBe("3 rows");
    const likes = `[...document.querySelectorAll("#rows li")].map((row) => row.textContent)`;
    expect(await tab.evaluate(likes)).toEqual([
      "animalrow 1a red foxThe same but for case and spacing as row 4:A RED FOX",
      "plantrow 2a red fern75 % of the word triples in common with row 4:A RED FOX",
      "animalrow 4A RED FOXThe same but for case and spacing as row 1:a red fox",
    ]);
  });

  it("puts the rows that a student never learnt first, for those who have no pointer for the data map", async () => {
    const dataset = datasetOf(rowsOf(["a fox", "a fern", "a whale"]));
    const cartography = {
      value: { student: "s", n: 3, confidence: [0.9, 0.104, 0.5], variability: [0, 0, 0], correctness: [1, 0, 0.5] },
    };
    const { tab } = await opened(
      await renderReport([{ ...dataset, evaluation: { ...dataset.evaluation, cartography } }]),
    );
    expect(await tab.evaluate(texts)).toEqual(["a fox", "a fern", "a whale"]);
    await choose(tab, "order", "confidence");
    expect(await tab.evaluate(texts)).toEqual(["a fern", "a whale", "a fox"]);
    const sides = `[...document.querySelectorAll("#rows .side")].map((side) => side.lastChild.textContent)`;
    expect(await tab.evaluate(sides)).toEqual(["confidence 10 %", "confidence 50 %", "confidence 90 %"]);
    await choose(tab, "order", "");
    expect(await tab.evaluate(texts)).toEqual(["a fox", "a fern", "a whale"]);
  });

  it("shows the text of a row's like even where the page has no room for that row", async () => {
    const pairs = [{ first: 0, second: 3, similarity: 0.9, exact: false }];
    const { tab } = await opened(
      await renderReport([datasetOf(rowsOf(["a fox", "a fern", "a whale", "a fox!"]), pairs)], { maxRows: 2 }),
    );
    expect(await tab.evaluate(countText)).toBe("2 rows");
    expect(await tab.evaluate(`document.querySelector("#rows .was").textContent`)).toBe("a fox!");
    expect(await tab.evaluate(`document.querySelector("#all-rows > .what").textContent`)).toContain(
      "The page holds 2 of the 4 rows",
    );
  });

  it("goes by keys from row to row and from window to window, and to the search; elsewhere keys are the browser's", async () => {
    const { tab } = await opened(
      await renderReport([datasetOf(rowsOf(Array.from({ length: 45 }, (_, i) => `row number ${i}`)))]),
    );
    const at = async (keys: readonly string[], text: string) => {
      for (const key of keys) await tab.key(key);
      expect(await tab.evaluate(focused), keys.join(" ")).toBe(text);
    };
    await tab.key("j"); // nothing has the focus
    expect(await tab.evaluate(focused)).toBeUndefined();
    await focusFirst(tab);
    await at(["j"], "row number 1");
    await at(["ArrowDown", "k", "ArrowUp", "k"], "row number 0");
    await at(["n"], "row number 20");
    expect(await tab.evaluate(countText)).toBe("Rows 21 – 40 of 45");
    await at(["k"], "row number 19");
    await at(["j"], "row number 20");
    await at(["ArrowRight", "ArrowRight"], "row number 40");
    await at(["ArrowLeft"], "row number 20");
    await at(["End"], "row number 44");
    await at(["j"], "row number 44");
    await at(["Home"], "row number 0");
    await tab.key("/");
    for (const character of "44") await tab.key(character);
    expect(await tab.evaluate(countText)).toBe("1 row");
    await at(["Enter"], "row number 44");
    await tab.key("/");
    await tab.key("Escape");
    expect(await tab.evaluate(countText)).toBe("Rows 1 – 20 of 45");
    expect(await tab.evaluate(`document.querySelectorAll("#rows [tabindex='0']").length`)).toBe(1);
    const pressed = `(after.focus(), after.click(), after.click(), after.click(), document.activeElement === after && place.textContent)`;
    expect(await tab.evaluate(pressed)).toBe("Rows 41 – 45 of 45"); // the button keeps the focus at the end, too
    expect(await choose(tab, "size", "500")).toBe("45 rows");
  });

  it("10,000 rows: the page has as many elements as of 100, turns as quickly, and reaches every one", async () => {
    const many = (n: number) =>
      rowsOf(Array.from({ length: n }, (_, i) => `${["red", "blue", "green"][i % 3]} row number ${i}, of many`));
    const pages = await Promise.all([100, 10_000].map((n) => renderReport([datasetOf(many(n))])));
    const measured = async (page: string) => {
      const { tab } = await opened(page);
      const elements = await tab.evaluate<number>(`document.querySelectorAll("*").length`);
      // the quickest of many, since the machine has other things to do
      const time = (what: string) =>
        tab.evaluate<number>(`Math.min(...Array.from({ length: 30 }, () => {
          const from = performance.now();
          for (let i = 0; i < 5; i++) { ${what} }
          return performance.now() - from;
        }))`);
      const [turned, searched] = [
        await time("show(i % 2 === 0 ? 20 : 40)"),
        await time(`query.value = "number 9" + i; search()`),
      ];
      return { tab, elements, turned, searched };
    };
    const [few, all] = [await measured(pages[0]!), await measured(pages[1]!)];
    expect(all.elements).toBe(few.elements);
    expect(all.turned).toBeLessThan(5 * few.turned + 1);
    expect(all.searched).toBeLessThan(100 * few.searched); // linear at most
    const { tab } = all;
    expect(await choose(tab, "query", "number 9999,")).toBe("1 row");
    expect(await tab.evaluate(texts)).toEqual(["red row number 9999, of many"]);
    expect(await choose(tab, "query", "")).toBe("Rows 1 – 20 of 10,000");
    await focusFirst(tab);
    await tab.key("End");
    expect(await tab.evaluate(focused)).toBe("red row number 9999, of many");
    expect(await choose(tab, "size", "500")).toBe("Rows 9,501 – 10,000 of 10,000");
    expect(await tab.evaluate(`document.querySelectorAll("#rows > li").length`)).toBe(500);
    expect(tab.log).toEqual([]);
  });

  it("shows the row behind a point, and does not scroll sideways", async () => {
    const { tab } = await opened(await renderReport(await evilDatasets(["one", "two"]), { title: attacks[0]! }));
    for (const width of [375, 1280]) {
      await tab.emulate({ width, dark: false });
      expect(await tab.evaluate(`document.documentElement.scrollWidth <= innerWidth`), `${width}`).toBe(true);
      const tip = `(document.querySelector("#map-1 .role-mark path").dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 5, clientY: 5 })),
        document.querySelector(".tip").textContent)`;
      expect(await tab.evaluate(tip)).toMatch(/^two · label 0.* · row 1.*amber/s);
    }
    expect(tab.log).toEqual([]);
  });

  it("without JavaScript the first rows can be read, and it says how many there are and what is missing", async () => {
    const page = await renderReport([datasetOf(rowsOf(Array.from({ length: 45 }, (_, i) => `row number ${i}`)))]);
    const { tab } = await opened(page, (one) =>
      browser.send("Emulation.setScriptExecutionDisabled", { value: true }, one.id),
    );
    const seen = await tab.evaluate<string>("document.getElementById('all-rows').innerText");
    expect(seen).toContain("row number 19");
    expect(seen).toContain("The first 20 of 45 rows");
    expect(seen).toContain("take JavaScript");
    expect(seen).not.toMatch(/Next|at a time|Chosen/);
  });

  it("prints the rows that were chosen, and says what they are a part of", async () => {
    const { tab } = await opened(
      await renderReport([datasetOf(rowsOf(Array.from({ length: 75 }, (_, i) => `row number ${i}`)))]),
    );
    await choose(tab, "label", "1");
    await choose(tab, "query", "row");
    await tab.emulate({ width: 750, dark: false });
    await browser.send("Emulation.setEmulatedMedia", { media: "print" }, tab.id);
    const printed = await tab.evaluate<string>("document.getElementById('all-rows').innerText");
    expect(printed).toContain("Rows 1 – 20 of 25");
    expect(printed).toContain("Chosen: accepted (75), plant, with “row”.");
    expect(printed.match(/row number \d+/g)).toEqual(Array.from({ length: 20 }, (_, i) => `row number ${3 * i + 1}`));
    expect(printed).not.toMatch(/Next|at a time/);
    const background = `getComputedStyle(document.body).backgroundColor`;
    expect(await tab.evaluate(background)).toBe("rgb(255, 255, 255)");
    const { data } = await browser.send("Page.printToPDF", {}, tab.id);
    expect(
      Buffer.from(data as string, "base64")
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
  });

  it.each([
    ["light", { width: 1200, dark: false }],
    ["dark", { width: 1200, dark: true }],
    ["narrow", { width: 375, dark: false }],
  ])("a checker of accessibility finds nothing serious: %s", async (_, look) => {
    const rejected = [{ text: "red", label: "animal", reason: "min-words", takenFor: "plant" }];
    const pairs = [{ first: 0, second: 1, similarity: 0.8, exact: false }];
    const rows = rowsOf(Array.from({ length: 30 }, (_, i) => `row number ${i}`));
    const page = await renderReport([datasetOf(rows, pairs, rejected), ...(await evilDatasets(["other"]))]);
    const { tab } = await opened(page);
    await tab.emulate(look);
    await choose(tab, "state", "all");
    await focusFirst(tab);
    await tab.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    const found = await tab.evaluate<{ id: string; impact: string; nodes: string[] }[]>(
      `axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.slice(0, 5).map(({ html }) => html.slice(0, 300)) })))`,
    );
    expect(found.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    expect(await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });
});
