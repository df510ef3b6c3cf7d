/** Whether this Node is one that the package runs on. It imports nothing that an old one could stumble over. */
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
const isNewEnough = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;

/** Why it is not; undefined where it is. */
export const nodeIssue = isNewEnough
  ? undefined
  : `Expected Node 20.19, 22.12 or newer, this is ${process.versions.node}: see https://nodejs.org`;
