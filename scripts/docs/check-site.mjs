// What is wrong with the built site: links and images that lead nowhere, and anything that would ask another host.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, posix, sep } from "node:path";

const decode = (text) => decodeURIComponent(text.replaceAll("&amp;", "&").replaceAll("&#x27;", "'"));

/** Attributes that make a browser load something, and where they lead. */
const loads = /<(?:script|img|iframe|source|video|audio|embed)\b[^>]*?\ssrc="([^"]+)"|<link\b[^>]*?\shref="([^"]+)"/g;

function idsOf(html) {
  return new Set([...html.matchAll(/\sid="([^"]+)"/g)].map((match) => decode(match[1])));
}

/**
 * Every problem of the pages below a folder, as "page: what".
 * @param base  path under which the site is served, "/" at both ends.
 */
export function siteProblems(site, base) {
  const files = readdirSync(site, { recursive: true }).map((file) => file.split(sep).join("/"));
  const pages = files.filter((file) => file.endsWith(".html") && file !== "404.html");
  const texts = new Map(pages.map((page) => [page, readFileSync(join(site, page), "utf8")]));
  const ids = new Map([...texts].map(([page, html]) => [page, idsOf(html)]));

  const problems = [];
  for (const [page, html] of texts) {
    for (const [, source, link] of html.matchAll(loads)) {
      const address = source ?? link;
      if (/^(?:[a-z]+:)?\/\//i.test(address)) problems.push(`${page}: asks another host for ${address}`);
    }
    const addresses = [...html.matchAll(/<(?:a|link)\b[^>]*?\shref="([^"]+)"|<(?:img|script)\b[^>]*?\ssrc="([^"]+)"/g)];
    for (const match of new Set(addresses.map((found) => found[1] ?? found[2]))) {
      if (/^(?:[a-z][a-z+.-]*:|\/\/)/i.test(match)) continue;
      const [path = "", anchor] = decode(match).split("#");
      if (path.startsWith("/") && !path.startsWith(base)) {
        problems.push(`${page}: ${match} is outside of ${base}`);
        continue;
      }
      const below = path.startsWith("/") ? path.slice(base.length) : posix.join(posix.dirname(page), path);
      const target = path === "" ? page : pageOf(site, below);
      if (target === undefined) problems.push(`${page}: ${match} leads nowhere`);
      else if (anchor && ids.has(target) && !ids.get(target).has(anchor)) {
        problems.push(`${page}: ${match} leads to no heading`);
      }
    }
  }
  const styles = files.filter((file) => file.endsWith(".css"));
  for (const style of styles) {
    const found = /(?:url\(["']?|@import ["'])((?:https?:)?\/\/[^"')]+)/.exec(readFileSync(join(site, style), "utf8"));
    if (found) problems.push(`${style}: asks another host for ${found[1]}`);
  }
  return problems;
}

// The file that a server answers a path with.
function pageOf(site, path) {
  const clean = posix
    .normalize(path)
    .replace(/^\.\/?/, "")
    .replace(/\/$/, "");
  const isFile = (file) => existsSync(join(site, file)) && statSync(join(site, file)).isFile();
  return [clean, `${clean}.html`, posix.join(clean, "index.html")].find((file) => file !== "" && isFile(file));
}
