// A hub whose answers are spoiled: a model comes whole, or it is said why not.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { pullIn } from "../../dist/hub/pull.js";
import { mutated } from "../lifetime/fuzz-mutations.mjs";
import { told } from "./told.mjs";

const commit = "0123456789abcdef0123456789abcdef01234567";
const content = Buffer.from("weights ".repeat(4000));
const sha256 = createHash("sha256").update(content).digest("hex");
const snapshot = Buffer.from(JSON.stringify({ sha: commit, siblings: [{ rfilename: "model.gguf" }] }));
const lfs = { oid: sha256, size: content.length };
const infos = Buffer.from(
  JSON.stringify([{ path: "model.gguf", type: "file", size: content.length, oid: commit, lfs }]),
);
const statuses = [200, 200, 200, 206, 301, 302, 307, 400, 401, 403, 404, 408, 416, 429, 500, 503];
const places = ["/", "", "http://u:p@127.0.0.1/", "https://", "//", "file:///etc/passwd", "http://[::1]:1/", "\\"];

export async function open(directory) {
  let random = () => 0;
  const answer = (request, response) => {
    const url = request.url ?? "";
    const whole = url.includes("/resolve/") ? content : url.includes("paths-info") ? infos : snapshot;
    const headers = {};
    let [status, body] = [200, whole];
    const how = random(6);
    if (how === 0) status = statuses[random(statuses.length)];
    if (how === 1) body = mutated(whole, random);
    if (how === 2) headers["retry-after"] = ["0", "-1", "1e9", "never", "299999"][random(5)];
    if (how === 2) status = 503;
    if (how === 3) headers.etag = ['"a"', 'W/"b"', "x".repeat(4000)][random(3)];
    if (how === 3) headers["content-range"] = [`bytes 0-${whole.length}/9`, "bytes */*", "rows 1"][random(3)];
    if (status >= 300 && status < 400) headers.location = places[random(places.length)];
    if (how === 4 && !url.includes("/resolve/")) {
      headers["content-encoding"] = "gzip";
      body = random(2) ? gzipSync("[".repeat(random(2 ** 22))) : mutated(gzipSync(whole), random);
    }
    response.writeHead(status, headers);
    if (how === 5) response.write(body.subarray(0, random(body.length)), () => response.destroy());
    else response.end(body);
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const env = { HF_ENDPOINT: `http://127.0.0.1:${server.address().port}`, HF_HOME: directory };
  const retry = { attempts: 3, firstWaitMs: 1, longestWaitMs: 2, progressBytes: 1e9 };
  const around = {
    env,
    retry,
    idleMs: 5000,
    pollMs: 5,
    statfs: async () => ({ bavail: 1e9, bsize: 4096, blocks: 2e9 }),
  };
  return {
    attempt: async (numbers) => {
      random = numbers;
      rmSync(join(directory, "hub"), { recursive: true, force: true });
      return await told(async () => {
        const { path } = await pullIn(around, "hf:owner/model/model.gguf", {});
        assert(path.startsWith(directory), path);
        assert.equal(createHash("sha256").update(readFileSync(path)).digest("hex"), sha256);
      });
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
