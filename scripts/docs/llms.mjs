// What assistants read, made from the guide and the commands: llms.txt, an index of the pages as Markdown (llmstxt.org), and
// SKILL.md, how the program is used (agentskills.io).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { commands, exitCodes } from "./cli-reference.mjs";

/** A page with the parts that it includes, and without front matter. */
function pageText(file) {
  const text = readFileSync(file, "utf8").replace(/^---\n[\s\S]*?\n---\n/, "");
  return text.replace(/<!--\s*@include:\s*(\S+?)\s*-->/g, (_, path) => {
    const part = resolve(dirname(file), path);
    return existsSync(part) ? readFileSync(part, "utf8").trim() : "";
  });
}

/** Text of links alone, since what they lead to lies elsewhere. */
const withoutLinks = (text) => text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1");

/** Heading and first sentence of a page. */
function summaryOf(text) {
  const title = /^# (.+)$/m.exec(text)?.[1] ?? "";
  const paragraph = text
    .replace(/^# .+$/m, "")
    .replace(/^```[\s\S]*?^```$/gm, "")
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .find((part) => /^[\p{L}`*_"[]/u.test(part));
  const flat = withoutLinks(paragraph ?? "").replace(/\s+/g, " ");
  return { title, note: /^.*?(?<!\bal)[.:](?=\s|$)/.exec(flat)?.[0].replace(/:$/, ".") ?? flat };
}

const markdown = (folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".md") && file !== "index.md" && file !== "README.md")
    .sort();

/**
 * The pages that assistants are sent to, each { section, path, title, note, text }; `path` is below the site.
 * @param docs  the folder of the documentation.
 */
export function pages(docs) {
  const files = [
    ...["guide/index.md", ...markdown(join(docs, "guide")).map((file) => `guide/${file}`)].map((path) => [
      "Guide",
      path,
    ]),
    ...[
      ...markdown(docs),
      "results/README.md",
      ...markdown(join(docs, "results")).map((file) => `results/${file}`),
    ].map((path) => ["The method", path]),
    ...(existsSync(join(docs, "reference/cli.md")) ? [["Reference", "reference/cli.md"]] : []),
  ];
  return files.map(([section, path]) => {
    const text = pageText(join(docs, path));
    return { section, path: path.replace("README", "index"), text, ...summaryOf(text) };
  });
}

/**
 * llms.txt.
 * @param base  path under which the site is served, "/" at both ends.
 */
export function llmsText(docs, base) {
  const found = pages(docs);
  const sections = [...new Set(found.map(({ section }) => section))].map((section) => {
    const lines = found
      .filter((page) => page.section === section)
      .map(({ path, title, note }) => `- [${title}](${base}${path})${note === "" ? "" : `: ${note}`}`);
    return `## ${section}\n\n${lines.join("\n")}\n`;
  });
  return `# corrsynth\n\n> ${opening(docs)}\n\n${sections.join("\n")}`;
}

const opening = (docs) => section(guide(docs), "").replace(/\s+/g, " ");
const guide = (docs) => pageText(join(docs, "guide/index.md"));

/** What stands under a heading of the second level; under "" what stands before the first. */
function section(text, heading) {
  const parts = text.replace(/^# .*$/m, "").split(/^## (?=.)/m);
  if (heading === "") return withoutLinks(parts[0].trim());
  const part = parts.find((part) => part.startsWith(`${heading}\n`));
  if (part === undefined) throw new Error(`Expected a heading "## ${heading}" in the guide, found none`);
  return withoutLinks(part.slice(heading.length).trim());
}

/**
 * SKILL.md.
 * @param dist  the compiled package.
 */
export async function skill(docs, dist) {
  const first = guide(docs);
  const programs = pageText(join(docs, "guide/programs.md"));
  const all = (await commands(dist)).map((command) => `- \`${command.name()}\`: ${command.description()}`);
  const codes = (await exitCodes(dist)).map(([name, code]) => `${code} ${name}`);
  const description =
    "Make labelled text-classification datasets with a local language model: write a task, plan, run, evaluate and export it " +
    "with the corrsynth command line. Use when training texts for a classifier are missing or few.";
  return `---
name: corrsynth
description: ${JSON.stringify(description)}
---

# corrsynth

${section(first, "")}

## Set-up

${section(first, "Install")}

## Five minutes on the command line

${section(first, "Five minutes on the command line")}

## Commands

\`npx corrsynth COMMAND --help\` has every option. Exit codes: ${codes.join(", ")}.

${all.join("\n")}

## Figures as JSON

${section(programs, "Figures as JSON")}

## In a program

${section(first, "The same in a program")}
`;
}
