// The checks as a task has them: what each takes rows for, and how probable each label is to it.
import { checkLabels } from "../../../dist/index.js";
import { seedsOf } from "./generate.mjs";
import { logisticOn, proxyOn, readRows } from "./measure.mjs";
import { arms, taskOf, tasks } from "./plan.mjs";

const teacherChecks = {
  direct: { by: "teacher", form: "direct", keep: "agree" },
  channel: { by: "teacher", form: "channel", keep: "agree" },
};

/** `{ name: (rows) => the probabilities of the labels by name, for each row }`. The same for all arms: only seeds count. */
export function detectors({ task, seed }, { out, gold, threads, checks, teacher, vectorsOf }) {
  const labels = Object.keys(tasks[task].labels);
  const seeds = seedsOf(task, seed, { out, gold });
  const { teacher: _, ...base } = taskOf(tasks[task], arms.fewgen, { seeds: readRows(seeds), seed, threads });
  const byTeacher = Object.entries(teacherChecks).map(([name, check]) => [
    name,
    async (rows) => {
      const found = await checkLabels(teacher, { ...base, check }, rows);
      return found.map(({ probabilities }) => probabilities);
    },
  ]);
  const students = {
    student: () => logisticOn(readRows(seeds), labels, vectorsOf),
    proxy: () => proxyOn(readRows(seeds), labels),
  };
  const byStudent = Object.entries(students).map(([name, learn]) => [
    name,
    async (rows) => {
      const student = await learn();
      const found = await student(rows.map(({ text }) => text));
      return found.map((values) => Object.fromEntries(labels.map((label, k) => [label, values[k]])));
    },
  ]);
  return Object.fromEntries([...byTeacher, ...byStudent].filter(([name]) => checks.includes(name)));
}

/** As `detectors`, but the name of the most probable label alone. */
export function takers(one, known) {
  const judged = Object.entries(detectors(one, known)).map(([name, judge]) => [
    name,
    async (rows) => {
      const probabilities = await judge(rows);
      return probabilities.map((ofRow) => Object.keys(ofRow).reduce((a, b) => (ofRow[b] > ofRow[a] ? b : a)));
    },
  ]);
  return Object.fromEntries(judged);
}
