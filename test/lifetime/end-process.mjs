// Ends the process in the midst of native work: by process.exit or an error that nobody catches.
import { loadTeacher } from "../../dist/index.js";
import { decoding, longRun } from "./decoding.mjs";

const [how, when, delay] = process.argv.slice(2);

function end() {
  if (how !== "throw") process.exit(Number(how));
  throw new Error("nobody catches this");
}

const loading = loadTeacher("demo");
if (when === "loading") setTimeout(end, Number(delay));
const teacher = await loading;
if (when === "decoding") {
  await Promise.all([decoding(teacher), decoding(teacher)]);
  setTimeout(end, Number(delay));
}
if (when === "waiting") {
  await longRun(teacher)[Symbol.asyncIterator]().next();
  setTimeout(end, 200 + Number(delay));
}
