// Relative links and images in Markdown files that lead nowhere, with their anchors. Links to other hosts are not looked at.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

// Pages that build.mjs writes: whether they are there is for the check of the built site.
const generated = /^docs\/reference\//;

/** Markdown without what is code: fences, spans and comments. */
function prose(text) {
  return text
    .replace(/^(\s*)(`{3,}|~{3,})[\s\S]*?^\s*\2\s*$/gm, "")
    .replace(/<!--[\s\S]*?-->/g, "")
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, (span) => "x".repeat(span.length));
}

/** Targets of links and images, inline, by reference, and those that HTML has. */
function targets(text) {
  const inline = [...prose(text).matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)];
  const references = [...prose(text).matchAll(/^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm)];
  const html = [...prose(text).matchAll(/<(?:a|img)\b[^>]*?\s(?:href|src)="([^"]+)"/g)];
  const home = [...frontMatter(text).matchAll(/^\s*(?:-\s*)?link:\s*["']?([^\s"']+)/gm)];
  return [...inline, ...references, ...html, ...home].map((match) => match[1]);
}

function frontMatter(text) {
  return /^---\n([\s\S]*?)\n---/.exec(text)?.[1] ?? "";
}

/** Anchors of headings, as GitHub and VitePress make them where they agree. */
function anchors(text) {
  const seen = new Map();
  const found = new Set([...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]));
  for (const [, heading] of text.replace(/^(`{3,})[\s\S]*?^\1\s*$/gm, "").matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)) {
    const words = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, "$1").replace(/[`*_]/g, "");
    const slug = words
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s-]/gu, "")
      .trim()
      .replace(/\s+/g, "-");
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    found.add(times === 0 ? slug : `${slug}-${times}`);
  }
  return found;
}

/** Markdown that people write: in the root, below docs/ and below scripts/. */
export function markdownFiles(root) {
  const below = (folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((file) => `${folder}/${file.split(sep).join("/")}`)
      .filter((file) => file.endsWith(".md") && !generated.test(file) && !file.includes("node_modules"));
  const top = readdirSync(root).filter((file) => file.endsWith(".md"));
  return [...top, ...below("docs"), ...below("scripts")].sort();
}

/** The file that a target names, as a path from the root. VitePress leaves ".md" and "index" out, and "/" is docs/. */
function fileOf(root, file, path) {
  if (path === "") return file;
  const isSite = file.startsWith("docs/");
  const base = path.startsWith("/") && isSite ? join(root, "docs", path) : resolve(root, dirname(file), path);
  const names = isSite ? [base, `${base}.md`, join(base, "index.md"), join(base, "README.md")] : [base];
  const found = names.find((name) => existsSync(name) && (name !== base || !isSite || statSync(name).isFile()));
  const target = relative(root, found ?? base)
    .split(sep)
    .join("/");
  return found !== undefined || generated.test(target) ? target : undefined;
}

/**
 * Every link of a file that leads nowhere, as "file: target: why".
 * @param file  path from `root`, with "/".
 */
export function brokenLinks(root, file) {
  const problems = [];
  for (const target of targets(readFileSync(join(root, file), "utf8"))) {
    if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(target)) continue;
    const [path, anchor] = decodeURIComponent(target).split("#");
    const found = fileOf(root, file, path);
    if (found === undefined) problems.push(`${file}: ${target}: no such file`);
    else if (anchor && found.endsWith(".md") && !generated.test(found)) {
      if (!anchors(withParts(root, found)).has(anchor)) problems.push(`${file}: ${target}: no such heading`);
    }
  }
  return problems;
}

// With what VitePress includes, as far as it is there.
function withParts(root, file) {
  const text = readFileSync(join(root, file), "utf8");
  return text.replace(/<!--\s*@include:\s*(\S+?)\s*-->/g, (whole, path) => {
    const part = resolve(root, dirname(file), path);
    return existsSync(part) ? readFileSync(part, "utf8") : whole;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = resolve(process.argv[2] ?? join(dirname(process.argv[1]), "../.."));
  const problems = markdownFiles(root).flatMap((file) => brokenLinks(root, file));
  for (const problem of problems) console.error(problem);
  process.exit(problems.length === 0 ? 0 : 1);
}
