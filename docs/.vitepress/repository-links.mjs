// Links of texts that are also read in the repository, such as CONTRIBUTING.md, to the pages that they are on the site;
// files without a page lose theirs.

/** Page of each file, by its path in the repository. */
const pages = {
  "CONTRIBUTING.md": "/contributing",
  "CHANGELOG.md": "/changelog",
  "docs/benchmarks.md": "/benchmarks",
  "docs/results/README.md": "/results/",
  "results/README.md": "/results/",
  "docs/guide/arena.md": "/guide/arena",
  "docs/results/changes.md": "/results/changes",
  "docs/results/ends.md": "/results/ends",
  "docs/results/labels.md": "/results/labels",
  "docs/results/systems.md": "/results/systems",
  "scripts/experiment/README.md": "/experiment",
};

// An included text does not know its file, so the end of the path must do.
function pageOf(href) {
  const [path, anchor] = href.split("#");
  if (/^[a-z]+:/i.test(path)) return undefined;
  const found = Object.entries(pages).find(([file]) => path === file || path.endsWith(`/${file}`));
  return found && (anchor === undefined ? found[1] : `${found[1]}#${anchor}`);
}

/** Files of the repository that are no pages: on the site their names are text. */
const isSource = (href) => /^(?:\.\.\/)+(?:lib|scripts|models|examples)\//.test(href);

/** A plugin of markdown-it. */
export function repositoryLinks(md) {
  md.core.ruler.push("repository-links", ({ tokens }) => {
    for (const { children } of tokens) {
      let isDropped = false;
      for (const token of children ?? []) {
        if (token.type === "link_open") {
          const href = token.attrGet("href") ?? "";
          const page = pageOf(href);
          if (page !== undefined) token.attrSet("href", page);
          isDropped = page === undefined && isSource(href);
        }
        if (isDropped && (token.type === "link_open" || token.type === "link_close")) {
          isDropped = token.type === "link_open";
          Object.assign(token, { type: "text", tag: "", nesting: 0, attrs: null, content: "" });
        }
      }
    }
  });
}
