// From CommonJS, by import().
async function main() {
  const { cross, loadTeacher, synthesize } = await import("corrsynth");
  const teacher = await loadTeacher("demo");
  const run = synthesize(teacher, {
    labels: { animal: "an animal", food: "a food" },
    prompt: { instruction: "Definition of {label}", answer: ":", shots: 0 },
    method: cross(),
    count: { animal: 6, food: 4 },
    sampling: { maxTokens: 32, stop: ["\n"], seed: 7 },
  });
  for await (const { label, text } of run) console.log(`${label}: ${text}`);
  const { labels } = await run.finished;
  console.log(`${labels.animal.accepted} + ${labels.food.accepted} rows`);
  await teacher.close();
}

main();
