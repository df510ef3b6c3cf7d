#!/usr/bin/env node
// The door of the program. It imports nothing that an old Node could stumble over before it is told that it is too old.
import { nodeIssue } from "../checks/node-version.js";

if (nodeIssue === undefined) await import("./start.js");
else {
  console.error(`corrsynth: ${nodeIssue}`);
  process.exitCode = 1;
}
