// A registry of our own with packages that are not published yet; for all others it asks the one that npm is set to.
//   node test/package/registry.mjs FOLDER UPSTREAM FILE
// FOLDER has the tarballs of a release; its address stands in FILE once it listens. Platforms without a tarball are there with
// nothing but their package.json, as they will be, so that a package manager sees what it will see: Yarn 1, which knows no
// libc, fetches that of musl, too.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { platforms } from "../../scripts/release/platforms.mjs";

const [folder, upstream, file] = process.argv.slice(2);
const packages = new Map();

function add(manifest, tarball) {
  const name = manifest.name;
  const bytes = tarball === undefined ? packed(manifest) : readFileSync(join(folder, tarball));
  const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
  packages.set(name, { manifest, bytes, integrity, shasum: createHash("sha1").update(bytes).digest("hex") });
}

function packed(manifest) {
  const place = mkdtempSync(join(tmpdir(), "corrsynth-registry-"));
  mkdirSync(join(place, "package"));
  writeFileSync(join(place, "package/package.json"), JSON.stringify(manifest));
  const bytes = execFileSync("tar", ["czf", "-", "-C", place, "package"]);
  rmSync(place, { recursive: true });
  return bytes;
}

for (const tarball of readdirSync(folder).filter((name) => name.endsWith(".tgz"))) {
  const manifest = execFileSync("tar", ["xzOf", join(folder, tarball), "package/package.json"], { encoding: "utf8" });
  add(JSON.parse(manifest), tarball);
}
const { version } = packages.get("corrsynth").manifest;
for (const [platform, { os, cpu, libc }] of Object.entries(platforms)) {
  const name = `@corrsynth/${platform}`;
  if (!packages.has(name)) add({ name, version, os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) });
}

const server = createServer(async (request, response) => {
  const path = decodeURIComponent(request.url.slice(1));
  const [name, isTarball] = path.startsWith("tarballs/")
    ? [path.slice("tarballs/".length, -".tgz".length), true]
    : [path, false];
  const found = packages.get(name);
  if (found === undefined) {
    const { accept = "*/*" } = request.headers;
    const answer = await fetch(new URL(request.url.slice(1), upstream), { headers: { accept } });
    const type = answer.headers.get("content-type") ?? "application/json";
    response.writeHead(answer.status, { "content-type": type }).end(Buffer.from(await answer.arrayBuffer()));
  } else if (isTarball) response.end(found.bytes);
  else {
    const { manifest, integrity, shasum } = found;
    const tarball = `http://${request.headers.host}/tarballs/${encodeURIComponent(name)}.tgz`;
    const versions = { [version]: { ...manifest, dist: { tarball, integrity, shasum } } };
    const packument = {
      name,
      "dist-tags": { latest: version },
      time: { [version]: "2026-01-01T00:00:00.000Z" },
      versions,
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(packument));
  }
});
server.listen(0, "127.0.0.1", () => {
  writeFileSync(`${file}.new`, `http://127.0.0.1:${server.address().port}/`);
  renameSync(`${file}.new`, file);
});
