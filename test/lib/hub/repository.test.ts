// What the hub is asked, word for word, and which answers are none.
import { describe, expect, it } from "vitest";
import { DownloadError } from "../../../lib/errors.js";
import { commit } from "./fake-hub.js";
import { caught, hub, withHub } from "./hub-fixture.js";

withHub();

it("a revision is asked for its commit and its files, then the missing ones for size and hash", async () => {
  const asked: string[] = [];
  hub.metadata = ({ method, url, headers }) => {
    asked.push(`${method} ${url} ${headers["content-type"] ?? ""}`.trim());
    return false;
  };
  hub.revisions["refs/pr/3"] = commit;
  await hub.pull("hf:owner/model@refs/pr/3/model.gguf");
  expect(asked).toEqual([
    "GET /api/models/owner/model/revision/refs%2Fpr%2F3?expand=sha&expand=siblings",
    `POST /api/models/owner/model/paths-info/${commit} application/json`,
  ]);
});

describe("an answer", () => {
  const answers: [what: string, body: string, tries: number, message: RegExp][] = [
    ["that breaks off", '{"sha": "01', 4, /4 tries in a row: .* answered half a sentence/],
    ["that is a page", "<html>", 4, /answered half a sentence/],
    ["of another kind", "[]", 1, /answer as the Hugging Face Hub does, received another "answer"/],
    ["without a commit", '{"siblings": []}', 1, /received another "sha"/],
    ["with names that are none", `{"sha": "${commit}", "siblings": [{}]}`, 1, /another "siblings.0.rfilename"/],
  ];
  it.each(answers)("%s is told", async (_, body, tries, message) => {
    hub.metadata = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(body);
      return true;
    };
    const error = await caught(hub.pull());
    expect(error).toBeInstanceOf(DownloadError);
    expect(error.message).toMatch(message);
    expect(hub.requests.length).toBe(tries);
  });
});
