// The site. Nothing in it asks another host: the search index, the fonts and the equations are part of it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitepress";
import { literalBraces } from "./literal-braces.mjs";
import { repositoryLinks } from "./repository-links.mjs";

const docs = join(import.meta.dirname, "..");

/** Sidebar of a module of the API: its page, and those of what it exports, by name. */
function moduleItem(name) {
  const folder = join(docs, "reference/api", name);
  const kinds = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const members = kinds.flatMap((kind) =>
    readdirSync(join(folder, kind.name))
      .filter((file) => file.endsWith(".md") && file !== "index.md")
      .map((file) => ({
        text: file.replace(/\.md$/, ""),
        link: `/reference/api/${name}/${kind.name}/${file.replace(/\.md$/, "")}`,
      })),
  );
  members.sort((a, b) => a.text.localeCompare(b.text, "en"));
  return { text: name, link: `/reference/api/${name}/`, collapsed: true, items: members };
}

const api = join(docs, "reference/api/corrsynth");
const subpaths = readdirSync(api).filter((name) => existsSync(join(api, name, "index.md")));
const modules = ["corrsynth", ...subpaths.map((name) => `corrsynth/${name}`)];

/** What stands beside a page; the members of modules only where the API is read, since every page carries its sidebar. */
function sidebar(moduleItems) {
  return [
    {
      text: "Guide",
      items: [
        { text: "First dataset", link: "/guide/" },
        { text: "Tasks", link: "/guide/tasks" },
        { text: "Preview", link: "/guide/preview" },
        { text: "Models", link: "/guide/models" },
        { text: "Methods", link: "/guide/methods" },
        { text: "Which method when", link: "/guide/which-method" },
        { text: "Attributes (AttrPrompt)", link: "/guide/attributes" },
        { text: "Contexts (SynthesizRR)", link: "/guide/contexts" },
        { text: "Runs and export", link: "/guide/runs" },
        { text: "Training in Python", link: "/guide/python" },
        { text: "Review", link: "/guide/review" },
        { text: "Replay", link: "/guide/replay" },
        { text: "The right label", link: "/guide/label-check" },
        {
          text: "Rounds",
          link: "/guide/rounds",
          items: [
            { text: "ReGen", link: "/guide/regen" },
            { text: "S3", link: "/guide/s3" },
            { text: "ProGen", link: "/guide/progen" },
            { text: "SunGen", link: "/guide/sungen" },
            { text: "Self-instruct", link: "/guide/self-instruct" },
          ],
        },
        { text: "The arena", link: "/guide/arena" },
        { text: "Evaluation", link: "/guide/evaluation" },
        { text: "GPUs", link: "/guide/gpus" },
        { text: "Programs, editors, assistants", link: "/guide/programs" },
        { text: "Bundlers", link: "/guide/bundlers" },
        { text: "Errors", link: "/guide/errors" },
        { text: "What corrsynth promises", link: "/guide/promises" },
      ],
    },
    {
      text: "The method",
      items: [
        { text: "Mathematics", link: "/method" },
        { text: "Results", link: "/results/" },
        { text: "Results with real teachers", link: "/results/labels" },
        { text: "Rows read by hand", link: "/results/trial" },
        { text: "The systems of the paper", link: "/results/systems" },
        { text: "Ends, contrasted and kept", link: "/results/ends" },
        { text: "Changes to the method", link: "/results/changes" },
        { text: "How results are made", link: "/experiment" },
        { text: "Benchmarks", link: "/benchmarks" },
        { text: "Many machines", link: "/scale" },
      ],
    },
    { text: "Reference", items: [{ text: "Command line", link: "/reference/cli" }, ...moduleItems] },
    {
      text: "Project",
      items: [
        { text: "Contributing", link: "/contributing" },
        { text: "Changelog", link: "/changelog" },
      ],
    },
  ];
}

export default defineConfig({
  title: "corrsynth",
  description: "Labelled text-classification datasets from a local language model, by CorrSynth",
  lang: "en-GB",
  base: process.env.DOCS_BASE ?? "/",
  outDir: "../.cmake/site",
  cacheDir: "../.cmake/vitepress",
  srcExclude: ["reference/parts/**"], // they are included by pages of the guide
  rewrites: {
    "results/README.md": "results/index.md",
    // texts that stand elsewhere in the repository, which build.mjs copies
    "reference/pages/contributing.md": "contributing.md",
    "reference/pages/changelog.md": "changelog.md",
    "reference/pages/experiment.md": "experiment.md",
  },
  markdown: {
    math: true,
    attrs: { disable: true }, // braces are placeholders here
    config: (md) => md.use(repositoryLinks).use(literalBraces),
  },
  transformPageData({ relativePath, frontmatter }) {
    if (/^(results|benchmarks|contributing|reference\/api)/.test(relativePath))
      Object.assign(frontmatter, { aside: false, pageClass: "wide" });
  },
  themeConfig: {
    nav: [
      { text: "Guide", link: "/guide/", activeMatch: "^/guide/" },
      { text: "Method", link: "/method", activeMatch: "^/(method|results|experiment|benchmarks)" },
      { text: "Command line", link: "/reference/cli" },
      { text: "API", link: "/reference/api/corrsynth/", activeMatch: "^/reference/api/" },
    ],
    sidebar: {
      "/reference/api/": sidebar(modules.map(moduleItem)),
      "/": sidebar(modules.map((name) => ({ text: name, link: `/reference/api/${name}/` }))),
    },
    outline: { level: [2, 3] },
    search: { provider: "local" },
    footer: { message: "MIT licence" },
  },
});
