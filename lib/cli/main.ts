#!/usr/bin/env node
// The door of the program. It imports nothing that an old Node could stumble over before it is told that it is too old.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNewEnough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

if (isNewEnough) await import("./start.js");
else {
  console.error(
    `corrsynth: Expected Node 20.19, 22.12 or newer, this is ${process.versions.node}: see https://nodejs.org`,
  );
  process.exitCode = 1;
}
