// Links of texts that are also read in the repository, such as CONTRIBUTING.md, to the pages that they are on the site.

/** Page of each file, by its path in the repository. */
const pages = {
  "CONTRIBUTING.md": "/contributing",
  "CHANGELOG.md": "/changelog",
  "docs/benchmarks.md": "/benchmarks",
  "docs/results/README.md": "/results/",
  "results/README.md": "/results/",
  "scripts/experiment/README.md": "/experiment",
};

// An included text does not know its file, so the end of the path must do.
function pageOf(href) {
  const [path, anchor] = href.split("#");
  if (/^[a-z]+:/i.test(path)) return undefined;
  const found = Object.entries(pages).find(([file]) => path === file || path.endsWith(`/${file}`));
  return found && (anchor === undefined ? found[1] : `${found[1]}#${anchor}`);
}

/** A plugin of markdown-it. */
export function repositoryLinks(md) {
  md.core.ruler.push("repository-links", ({ tokens }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== "link_open") continue;
      const page = pageOf(token.attrGet("href") ?? "");
      if (page !== undefined) token.attrSet("href", page);
    }
  });
}
