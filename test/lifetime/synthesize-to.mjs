// Runs `synthesizeTo` on a directory until it has made GROUPS groups, and then kills itself as the system would.
//   node test/lifetime/synthesize-to.mjs DIR TASK_FILE GROUPS
import { readFileSync } from "node:fs";
import { loadTeacher, synthesizeTo } from "../../dist/index.js";

const [directory, file, groups] = process.argv.slice(2);
const task = JSON.parse(readFileSync(file, "utf8"));
await synthesizeTo(directory, () => loadTeacher("demo"), task, {
  onProgress: (progress) => {
    if (progress.groups >= Number(groups)) process.kill(process.pid, "SIGKILL");
  },
});
