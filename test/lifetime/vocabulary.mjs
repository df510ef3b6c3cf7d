// Prompts that the vocabulary of a model (argument) cannot express, and the end of the process after them: by itself, or,
// where the second argument is "exit", by process.exit. Prints the code and the message of each error.
import { loadTeacher, plan, synthesize } from "../../dist/index.js";
import { drain, shortTask } from "./decoding.mjs";

const [path, end] = process.argv.slice(2);
const teacher = await loadTeacher(path);
const strange = { ...shortTask, prompt: { ...shortTask.prompt, instruction: "Definition of \u{13000} {label}" } };
const attempts = {
  plan: () => plan(teacher, strange),
  synthesize: () => drain(synthesize(teacher, strange)),
  embed: () => teacher.embed(["\u{13000}"]),
};
for (const [name, attempt] of Object.entries(attempts)) {
  await attempt().then(
    () => console.log(name, "went well"),
    ({ code, message }) => console.log(name, code, message),
  );
}
if (end === "exit") process.exit(0);
