// Pictures of the built site, in light and dark, on a desk and on a phone; and whether its pages log errors. Needs `chromium`.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { serve } from "./serve.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const { values: options } = parseArgs({
  options: {
    site: { type: "string", default: join(root, ".cmake/site") },
    out: { type: "string", default: join(root, ".cmake/screenshots") },
    page: { type: "string", multiple: true },
    height: { type: "string", default: "1000" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(`Usage: node scripts/docs/screenshots.mjs [--site DIR] [--out DIR] [--page PATH]... [--height PIXELS]

Opens pages of the built site in chromium and keeps a picture of each in light, in dark, and at 390 pixels. Lists what they log.`);
  process.exit(0);
}
const pages =
  options.page ??
  ["index", "guide/index", "guide/tasks", "method", "results/index", "reference/cli"].concat([
    "reference/api/corrsynth/index",
    "reference/api/corrsynth/functions/synthesize",
  ]);
// A window is never narrower than about 500 pixels, so a phone is a frame in one.
const frame = `<!doctype html><body style="margin:0"><script>
const phone = document.createElement("iframe");
phone.style = "width:390px;height:100vh;border:0";
phone.src = location.hash.slice(1);
phone.onload = () => setTimeout(() => {
  const { scrollWidth } = phone.contentDocument.documentElement;
  if (scrollWidth > 390) console.error("The page is " + scrollWidth + " pixels wide");
}, 1000);
document.body.append(phone);
</script>`;
const looks = [
  { name: "light", width: 1400, flags: [], at: (path) => path },
  { name: "dark", width: 1400, flags: ["--blink-settings=preferredColorScheme=0"], at: (path) => path },
  { name: "phone", width: 500, flags: [], at: (path) => `/phone#${path}` },
];

const server = await serve(options.site, { "/phone": frame });
const profile = mkdtempSync(join(tmpdir(), "corrsynth-site-"));
mkdirSync(options.out, { recursive: true });
const logged = [];
for (const page of pages) {
  for (const { name, width, flags, at } of looks) {
    const picture = join(options.out, `${page.replaceAll("/", "-")}-${name}.png`);
    const { stderr } = await promisify(execFile)("chromium", [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", `--user-data-dir=${profile}`],
      ...["--enable-logging=stderr", "--v=0", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
      ...[`--window-size=${width},${options.height}`, "--virtual-time-budget=5000", ...flags],
      ...[`--screenshot=${picture}`, `${server.address}${at(`/${page}.html`)}`],
    ]);
    for (const line of stderr.split("\n").filter((text) => text.includes(":CONSOLE")))
      logged.push(`${page}, ${name}: ${line}`);
  }
}
await server.close();
rmSync(profile, { recursive: true, force: true });
for (const line of logged) console.error(line);
console.log(`${pages.length * looks.length} pictures in ${options.out}; ${logged.length} lines logged`);
process.exit(logged.length === 0 ? 0 : 1);
