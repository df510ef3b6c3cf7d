// The page of a review in a real browser: its keys, undo, hostile rows, two tabs, many rows. Runs where there is a chromium.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NotReproducibleError } from "../../lib/errors.js";
import { readRun, serveReview } from "../../lib/io.js";
import type { Replay } from "../../lib/replay/replay-row.js";
import { serve } from "../../lib/review/serve.js";
import { fullRow, writeRun } from "../lib/export/run.js";
import { Browser, hasChromium, type Tab } from "../lib/helpers/browser.js";
import { attacks } from "../lib/report/evil-datasets.js";

const isThere = hasChromium();
if (!isThere) console.warn("No chromium found: the review is not tested in a browser. apt-get install chromium");

const labels = ["animal", "plant", `"><img src=x onerror="window.broken = 9">`];
const hostile = [...attacks, "\u202eright to left", "w".repeat(100_000)];
const row = (i: number, text: string) => ({ ...fullRow, id: `${i}.0`, text, label: labels[i % labels.length]! });

let folder: string;
let browser: Browser;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "corrsynth-review-"));
  if (isThere) browser = Browser.start();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
});

async function reviewOf(name: string, texts: readonly string[]) {
  const run = await writeRun(join(folder, name), labels, [texts.map((text, i) => row(i, text))]);
  return { run, review: await serveReview(run) };
}

async function opened(url: string, count: string): Promise<Tab> {
  const tab = await browser.open(url);
  await tab.until(`document.getElementById("count")?.textContent === "${count}"`);
  return tab;
}
const focused = "document.activeElement.closest('#rows > li')?.dataset.id";
/** Clicks the button of row n, counted from 0. */
const rejectRow = (n: number) =>
  `[...document.querySelectorAll("#rows > li")[${n}].querySelectorAll("button")].find(({ textContent }) => textContent === "Reject").click()`;
const state = `document.getElementById("state").textContent`;

describe.runIf(isThere)("the page of a review", () => {
  it("does by keys what its buttons do, saves at once, and undoes", async () => {
    const { run, review } = await reviewOf("keys", ["a fox", "a fern", "a whale", "an oak"]);
    await using _ = review;
    const tab = await opened(review.url, "4 rows");
    await tab.key("j");
    expect(await tab.evaluate(focused)).toBe("0.0");
    await tab.key("x");
    await tab.until(`${state} === "4 rows · 1 rejected · 0 relabelled · 0 edited"`);
    await tab.key("j");
    await tab.key("1");
    await tab.until(`${state} === "4 rows · 1 rejected · 1 relabelled · 0 edited"`);
    expect(await tab.evaluate(focused)).toBe("1.0");
    await tab.key("e");
    await tab.evaluate(`document.activeElement.value = "a tree fern"`);
    await tab.key("Enter", 2);
    await tab.until(`${state} === "4 rows · 1 rejected · 1 relabelled · 1 edited"`);
    const edited = async () => (await readRun(run)).rows.map(({ label, text }) => [label, text]);
    expect(await edited()).toEqual([
      ["animal", "a tree fern"],
      [labels[2], "a whale"],
      ["animal", "an oak"],
    ]);
    for (const left of [
      "1 rejected · 1 relabelled · 0 edited",
      "1 rejected · 0 relabelled · 0 edited",
      "0 rejected · 0 relabelled · 0 edited",
    ]) {
      await tab.key("u");
      await tab.until(`${state} === "4 rows · ${left}"`);
    }
    expect((await edited()).map(([, text]) => text)).toEqual(["a fox", "a fern", "a whale", "an oak"]);
    expect((await readFile(join(run, "review.jsonl"), "utf8")).trim().split("\n")).toHaveLength(6);
    expect(tab.log).toEqual([]);
  });

  it("shows a row made again by key, its tokens as text whatever they are, and closes it again", async () => {
    const run = await writeRun(join(folder, "replay"), labels, [[row(0, "a fox"), row(1, "a fern")]]);
    const evil = `<img src=x onerror="window.broken = 1">\u202e`;
    const share = { token: 1, text: evil, own: 0.25, contrasted: 0.0004 };
    const step = {
      ...share,
      drawn: 1,
      exponent: 1,
      temperature: 1,
      logScale: 0,
      isKeptEnd: false,
      plausible: 2,
      nucleus: 1,
    };
    const pushed = {
      ...step,
      pushes: [{ row: 2, weight: 1, nats: -1.5 }],
      strongest: 2,
      likelyOwn: [],
      likelyContrasted: [],
    };
    const text = { text: evil, kept: evil, reason: null, tokens: 1, ending: "stop", trace: [pushed] };
    const partners = [{ row: 2, kind: "row", label: evil, repeat: 0, id: "0.2", text: evil }];
    const found = {
      ...text,
      id: "0.0",
      method: "cross",
      isSame: false,
      doubts: [evil],
      partners,
      withoutContrast: text,
    };
    await using review = await serve(run, {}, async (_, id) => {
      if (id === "1.0") throw new NotReproducibleError([{ path: "seeds", message: evil }]);
      return found as unknown as Replay;
    });
    const tab = await opened(review.url, "2 rows");
    const panel = "document.querySelector('.replay')?.textContent";
    await tab.key("j");
    await tab.key("t");
    await tab.until(`${panel}?.includes("pushed (nats)")`);
    const shown = String(await tab.evaluate(panel));
    for (const part of ["NOT the same as in the run", evil, "25.0 %", "4e-2 %", "\u22121.50", "0.2 <img"])
      expect(shown).toContain(part);
    expect(await tab.evaluate("[document.images.length, String(window.broken)]")).toEqual([0, "undefined"]);
    await tab.key("t");
    expect(await tab.evaluate("document.querySelector('.replay')")).toBe(null);
    await tab.key("j");
    await tab.key("t");
    await tab.until(`${panel}?.includes("It cannot be made again")`);
    expect(tab.log.filter((line) => !String(line).includes("409"))).toEqual([]);
  });

  it("searches, filters by label and by what was decided", async () => {
    const { review } = await reviewOf("search", ["a red fox", "a red fern", "a blue whale", "a Red oak"]);
    await using _ = review;
    const tab = await opened(review.url, "4 rows");
    await tab.key("/");
    for (const character of "red") await tab.key(character);
    await tab.until(`document.getElementById("count").textContent === "3 rows"`);
    const choose = (id: string, value: string) =>
      tab.evaluate(
        `(${id}.value = ${JSON.stringify(value)}, ${id}.dispatchEvent(new Event("change")), count.textContent)`,
      );
    expect(await choose("label", "animal")).toBe("2 rows");
    expect(await choose("which", "rejected")).toBe("0 rows");
    expect(await choose("which", "refused")).toBe("0 rows: the run keeps none, see filters.keepRejected");
  });

  it("two tabs do not lose each other's decisions", async () => {
    const { run, review } = await reviewOf("tabs", ["a fox", "a fern", "a whale", "an oak"]);
    await using _ = review;
    const [one, two] = [await opened(review.url, "4 rows"), await opened(review.url, "4 rows")];
    await one.evaluate(rejectRow(0));
    await two.evaluate(rejectRow(1));
    for (const tab of [one, two]) {
      await tab.evaluate("look()");
      await tab.until(`${state} === "4 rows · 2 rejected · 0 relabelled · 0 edited"`);
    }
    expect((await readRun(run)).rows.map(({ text }) => text)).toEqual(["a whale", "an oak"]);
  });

  it("hostile rows stay text, and nothing is asked of another host", async () => {
    const { review } = await reviewOf("hostile", hostile);
    await using _ = review;
    const tab = await opened(review.url, `${hostile.length} rows`);
    const shown = `[...document.querySelectorAll("#rows .text")].map((text) => text.textContent)`;
    expect(await tab.evaluate(shown)).toEqual(hostile);
    const facts = `[window.broken === undefined, document.images.length, document.documentElement.scrollWidth > innerWidth]`;
    expect(await tab.evaluate(facts)).toEqual([true, 0, false]);
    const { origin } = new URL(review.url);
    expect(tab.requests.filter((url) => new URL(url).origin !== origin)).toEqual([]);
  });

  it("says so when what was decided could not be saved, and shows the row as it was", async () => {
    const { review } = await reviewOf("gone", ["a fox", "a fern", "a whale"]);
    const tab = await opened(review.url, "3 rows");
    await review.close();
    await tab.key("j");
    await tab.key("x");
    await tab.until(`!document.getElementById("trouble").hidden`);
    expect(await tab.evaluate(`trouble.textContent`)).toContain("Not saved. The server does not answer");
    expect(await tab.evaluate(`document.querySelectorAll("#rows .rejected").length`)).toBe(0);
  });

  it("keeps what was typed until it is saved", async () => {
    const { review } = await reviewOf("typed", ["a fox", "a fern", "a whale"]);
    const tab = await opened(review.url, "3 rows");
    await tab.key("j");
    await tab.key("e");
    await tab.evaluate(`document.activeElement.value = "a long text"`);
    await review.close();
    await tab.key("Enter", 2);
    await tab.until(`!document.getElementById("trouble").hidden`);
    await tab.evaluate("look()");
    expect(await tab.evaluate("trouble.textContent")).toContain("Not saved");
    expect(await tab.evaluate(`document.querySelector("#rows textarea").value`)).toBe("a long text");
  });

  it("keys that come quickly are taken one after the other", async () => {
    const { run, review } = await reviewOf("quick", ["a fox", "a fern", "a whale"]);
    await using _ = review;
    const tab = await opened(review.url, "3 rows");
    await tab.key("j");
    for (const key of ["x", "x", "2", "3", "u", "u"]) await tab.key(key);
    await tab.evaluate("undoing");
    expect(await tab.evaluate("done.length")).toBe(2);
    expect(await readRun(run).then(({ rows }) => rows[0])).toMatchObject({ text: "a fox", label: "animal" });
    expect(await tab.evaluate(`document.querySelector("#rows > li").className`)).toBe("");
  });

  it("what is saved slowly takes nobody back who has gone on", async () => {
    const { run, review } = await reviewOf("slow", ["a fox", "a fern", "a whale"]);
    await using _ = review;
    const tab = await opened(review.url, "3 rows");
    const slow = "(...given) => asked(...given).then((answer) => new Promise((go) => setTimeout(go, 200, answer)))";
    await tab.evaluate(`(asked = window.fetch, window.fetch = ${slow}, 0)`);
    for (const key of ["j", "x", "j", "j"]) await tab.key(key);
    await tab.evaluate("saving");
    expect(await tab.evaluate(focused)).toBe("2.0");
    await tab.key("x");
    await tab.evaluate("saving");
    expect(await readRun(run).then(({ rows }) => rows.map(({ text }) => text))).toEqual(["a fern"]);
  });

  it("10,000 rows are there without a long stall, and every one can be reached", async () => {
    const texts = Array.from({ length: 10_000 }, (_, i) => `${["red", "blue", "green"][i % 3]} row number ${i}`);
    const { review } = await reviewOf("many", texts);
    await using _ = review;
    const tab = await opened(review.url, "10,000 rows");
    expect(await tab.evaluate(`document.querySelectorAll("#rows > li").length`)).toBe(50);
    await tab.evaluate(`(query.value = "number 9999", search())`);
    expect(await tab.evaluate(`document.querySelector("#rows .text").textContent`)).toBe("red row number 9999");
    await tab.evaluate(`(query.value = "", search(), document.querySelector("#rows > li:last-child").focus())`);
    await tab.key("j");
    expect(await tab.evaluate(focused)).toBe("50.0");
  });

  it.each([
    ["light", { width: 1200, dark: false }],
    ["dark", { width: 1200, dark: true }],
    ["narrow", { width: 375, dark: false }],
  ])("a checker of accessibility finds nothing serious, and nothing is wider than the screen: %s", async (_, look) => {
    const { review } = await reviewOf(`axe-${look.width}-${look.dark}`, ["a fox", "a fern", "a whale"]);
    await using _open = review;
    const tab = await opened(review.url, "3 rows");
    await tab.emulate(look);
    await tab.evaluate(rejectRow(0));
    await tab.until(`document.querySelector("#rows .rejected")`);
    await tab.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
    const found = await tab.evaluate<{ id: string; impact: string; nodes: string[] }[]>(
      `axe.run().then(({ violations }) => violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html }) => html) })))`,
    );
    expect(found.filter(({ impact }) => impact === "serious" || impact === "critical")).toEqual([]);
    expect(await tab.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  });
});
