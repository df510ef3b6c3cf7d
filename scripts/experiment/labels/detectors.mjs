// How well each check finds wrong labels: human rows of which every fifth has a wrong one.
import { goldOf } from "./measure.mjs";
import { tasks } from "./plan.mjs";

/** Every fifth row gets the next label but for a number that goes round, so that all wrong labels are equally common. */
export function withFlips(rows, labels) {
  return rows.map((row, i) => {
    if (i % 5 !== 4) return { ...row, isWrong: false };
    const by = 1 + (Math.floor(i / 5) % (labels.length - 1));
    return { ...row, label: labels[(labels.indexOf(row.label) + by) % labels.length], isWrong: true };
  });
}

/** Area under the ROC curve: how often a wrong row is more suspicious than a right one; a tie counts half. */
export function areaUnderCurve(suspicion, isWrong) {
  const order = [...suspicion.keys()].sort((a, b) => suspicion[a] - suspicion[b]);
  let ranks = 0;
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && suspicion[order[end]] === suspicion[order[start]]) end++;
    const rank = (start + end + 1) / 2; // of all that tie, counted from 1
    for (let i = start; i < end; i++) if (isWrong[order[i]]) ranks += rank;
    start = end;
  }
  const wrong = isWrong.filter(Boolean).length;
  const right = isWrong.length - wrong;
  return (ranks - (wrong * (wrong + 1)) / 2) / (wrong * right);
}

/**
 * @param probabilitiesOf  { name: (rows) => for each row the probability of each label, by name }
 * @returns for each check the AUC of 1 − P(label), and of its verdict (taken for another) recall and precision.
 */
export async function detect(task, { gold, number = 400 }, probabilitiesOf) {
  const labels = Object.keys(tasks[task].labels);
  const { test } = goldOf(task, gold, { train: 0, test: 10_000 });
  const step = Math.max(1, Math.floor(test.length / number)); // test files are in no order; every step-th row all the same
  const rows = withFlips(test.filter((_, i) => i % step === 0).slice(0, number), labels);
  const isWrong = rows.map((row) => row.isWrong);
  const found = {};
  for (const [name, judge] of Object.entries(probabilitiesOf)) {
    const probabilities = await judge(rows);
    const suspicion = rows.map(({ label }, i) => 1 - probabilities[i][label]);
    const isTold = rows.map(({ label }, i) =>
      labels.some((other) => probabilities[i][other] > probabilities[i][label]),
    );
    const hits = isTold.filter((told, i) => told && isWrong[i]).length;
    found[name] = {
      auc: areaUnderCurve(suspicion, isWrong),
      recall: hits / isWrong.filter(Boolean).length,
      precision: hits / Math.max(1, isTold.filter(Boolean).length),
    };
  }
  return { task, rows: rows.length, found };
}
