// The frame of a page: one HTML file that asks nothing of any network, and runs no script but its own.
import { createHash } from "node:crypto";
import { type Html, html, trusted } from "./html.js";
import { style } from "./style.js";

/** @param script  the one script of the page; null of a page without. */
export function page(title: string, body: Html, script: string | null): string {
  const hash = script === null ? null : createHash("sha256").update(script).digest("base64");
  const scripts = hash === null ? "" : ` script-src 'sha256-${hash}';`;
  const policy = `default-src 'none';${scripts} style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'`;
  return `${
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body}
${script === null ? null : html`<script>${trusted(script)}</script>`}
</body>
</html>`.text
  }\n`;
}
