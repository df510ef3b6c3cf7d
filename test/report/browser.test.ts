// The report in a real browser. Runs where there is a `chromium`, e.g. after `apt-get install chromium`; says so where not.
import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { renderReport } from "../../lib/report/index.js";
import { attacks, evilDatasets } from "../lib/report/evil-datasets.js";

function hasChromium(): boolean {
  try {
    execFileSync("chromium", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const isThere = hasChromium();
if (!isThere) console.warn("No chromium found: the report is not tested in a browser. apt-get install chromium");

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "corrsynth-report-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** The page's document after its script has run, and what the browser logged. */
async function open(page: string): Promise<{ document: string; log: string }> {
  const file = join(directory, "report.html");
  await writeFile(file, page);
  return browse(file);
}

/** The facts that a page with the probe tells of itself, in a frame of that width: windows have a least width, frames none. */
async function probed(page: string, width: number): Promise<{ facts: Record<string, unknown>; log: string }> {
  await writeFile(join(directory, "framed.html"), page);
  const host = join(directory, "host.html");
  const keep = "onmessage = ({ data }) => { document.body.dataset.facts = data; }";
  const frame = `<iframe src="framed.html" style="width:${width}px;height:900px;border:0"></iframe>`;
  await writeFile(host, `<!doctype html><body style="margin:0"><script>${keep}</script>${frame}</body>`);
  const { document, log } = await browse(host);
  const facts = /data-facts="([^"]*)"/.exec(document)?.[1] ?? "{}";
  return { facts: JSON.parse(facts.replaceAll("&quot;", '"')) as Record<string, unknown>, log };
}

function browse(file: string): Promise<{ document: string; log: string }> {
  const args = [
    ...[
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      "--window-size=1400,1000",
      `--user-data-dir=${directory}/profile`,
    ],
    ...["--enable-logging=stderr", "--v=0", "--virtual-time-budget=5000", "--dump-dom", `file://${file}`],
  ];
  return new Promise((resolve, reject) => {
    execFile("chromium", args, { maxBuffer: 64 * 2 ** 20 }, (error, stdout, stderr) => {
      if (error) reject(error);
      else resolve({ document: stdout, log: stderr });
    });
  });
}

const consoleLines = (log: string) => log.split("\n").filter((line) => line.includes(":CONSOLE"));

// Stands in the page beside the report's own script, which the policy would not let it do: so the policy goes for this test.
const probe = `<script>
addEventListener("load", () => {
  const byId = (id) => document.getElementById(id);
  const facts = { wide: document.documentElement.scrollWidth > innerWidth, broken: window.broken, images: document.images.length };
  facts.width = innerWidth;
  facts.first = byId("rows").children.length;
  byId("query").value = "COBALT row";
  byId("query").dispatchEvent(new Event("input"));
  facts.found = byId("count").textContent;
  facts.matches = [...byId("rows").querySelectorAll(".text")].every((text) => text.textContent.includes("cobalt"));
  const mark = document.querySelector("#map-0 .role-mark path");
  mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: 5, clientY: 5 }));
  facts.tip = document.querySelector(".tip").textContent;
  parent.postMessage(JSON.stringify(facts), "*");
});
</script></body>`;

describe.skipIf(!isThere)("the report in Chromium", () => {
  it("renders without a console message and runs nothing that stands in a row, a label or a name", async () => {
    const page = await renderReport(await evilDatasets([`one${attacks[0]}`, `two${attacks[2]}`]), {
      title: attacks[1]!,
    });
    const { document, log } = await open(page);
    expect(consoleLines(log)).toEqual([]);
    expect(document).toContain("100 rows"); // the script ran to its end of the first page
    expect(document.match(/<img|<svg onload/g)).toBeNull();
  });

  it("refuses a script that is not its own", async () => {
    const page = await renderReport(await evilDatasets(["one"]));
    const { document, log } = await open(page.replace("</body>", '<script>document.title = "broken"</script></body>'));
    expect(document).not.toContain("<title>broken");
    expect(consoleLines(log).join()).toContain("Content Security Policy");
  });

  for (const width of [390, 1280]) {
    it(`searches, shows the row behind a point, and does not scroll sideways at ${width} pixels`, async () => {
      const page = await renderReport(await evilDatasets(["one", "two"]), { title: attacks[0]! });
      const open_ = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "").replace("</body>", probe);
      const { facts, log } = await probed(open_, width);
      expect(consoleLines(log)).toEqual([]);
      expect(facts).toMatchObject({ width, wide: false, images: 0, first: 50, matches: true });
      expect(facts.broken).toBeUndefined();
      expect(facts.found).toMatch(/^[1-9]\d* rows$/);
      expect(facts.tip).toMatch(/^one · label 0.*row/s);
    });
  }
});
