// Links lead somewhere: those that people write, and, on a built site, all of them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const script = (name: string) => pathToFileURL(join(root, "scripts/docs", name)).href;
const { brokenLinks, markdownFiles } = (await import(script("check-links.mjs"))) as {
  brokenLinks(root: string, file: string): string[];
  markdownFiles(root: string): string[];
};
const { siteProblems } = (await import(script("check-site.mjs"))) as {
  siteProblems(site: string, base: string): string[];
};

const folder = mkdtempSync(join(tmpdir(), "corrsynth-links-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>, below: string): string {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, below, file)), { recursive: true });
    writeFileSync(join(folder, below, file), text);
  }
  return join(folder, below);
}

describe("Markdown", () => {
  const files = markdownFiles(root);

  it("is that of the repository", () => {
    for (const file of [
      "README.md",
      "CONTRIBUTING.md",
      "docs/method.md",
      "docs/guide/index.md",
      "docs/results/README.md",
    ]) {
      expect(files).toContain(file);
    }
  });
  it.each(files)("%s has no link that leads nowhere", (file) => expect(brokenLinks(root, file)).toEqual([]));

  it("is refused for a link, an image or an anchor that leads nowhere", () => {
    const parent = write(
      {
        "README.md":
          "# Top\n\n## A *b* `c`\n\n[a](docs/a.md#two-words) [b](#a-b-c) [c](https://example.org/none) `[d](none.md)`\n",
        "docs/a.md": "## Two words\n\n[home](/b) [x](./b.md#gone) ![p](p.svg)\n\n```md\n[e](none.md)\n```\n",
        "docs/b.md": "[c](../README.md#nothing)\n[d]: gone.md\n",
      },
      "markdown",
    );
    expect(brokenLinks(parent, "README.md")).toEqual([]);
    expect(brokenLinks(parent, "docs/a.md")).toEqual([
      "docs/a.md: ./b.md#gone: no such heading",
      "docs/a.md: p.svg: no such file",
    ]);
    expect(brokenLinks(parent, "docs/b.md")).toEqual([
      "docs/b.md: ../README.md#nothing: no such heading",
      "docs/b.md: gone.md: no such file",
    ]);
  });
});

describe("a built site", () => {
  it("is refused for what leads nowhere or asks another host", () => {
    const site = write(
      {
        "index.html": '<a href="/base/guide/">g</a><a href="guide/#one">o</a><a href="https://example.org">e</a>',
        "guide/index.html":
          '<h2 id="one">1</h2><a href="#two">2</a><a href="/other">x</a><a href="none.html">n</a>' +
          '<script src="https://cdn.example.org/a.js"></script><img src="/base/p.svg">',
        "p.svg": "<svg/>",
        "style.css": "@font-face { src: url(https://fonts.example.org/a.woff2) }",
      },
      "site",
    );
    expect(siteProblems(site, "/base/").sort()).toEqual([
      "guide/index.html: #two leads to no heading",
      "guide/index.html: /other is outside of /base/",
      "guide/index.html: asks another host for https://cdn.example.org/a.js",
      "guide/index.html: none.html leads nowhere",
      "style.css: asks another host for https://fonts.example.org/a.woff2",
    ]);
  });
});
