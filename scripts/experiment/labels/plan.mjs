// What is compared: tasks with the seeds that a person would have, teachers, and methods with and without heat.

/** Rows of each run, and how many of them, evenly over the labels, a student learns from. */
export const rowsPerRun = 400;
export const rowsCompared = 300;

/** File names of the models in --models. */
export const teachers = {
  smol: "SmolLM2-135M-Instruct.Q4_1.gguf",
  gemma: "gemma-3-270m.Q4_K_M.gguf",
  qwen: "Qwen2.5-Coder-0.5B-Instruct.Q4.gguf",
};
export const embedder = "all-MiniLM-L6-v2.F16.gguf";

/** `set`: the files SET-train.jsonl and SET-test.jsonl in --gold. The phrases of AG News are the paper's. */
export const tasks = {
  trec: {
    title: "TREC, 6 labels",
    set: "trec",
    seedsPerLabel: 20,
    maxTokens: 40,
    answer: "Question:",
    instruction: "Write one short factual question whose answer is {label}. Only the question, without its answer.",
    labels: {
      abbreviation: "what an abbreviation stands for",
      entity: "a thing, such as an animal, a product, a book or a language",
      description: "a definition, a reason or a description of something",
      human: "a person or a group of people",
      location: "a place, such as a city, a country or a mountain",
      number: "a number, a date or an amount",
    },
  },
  bank10: {
    title: "Banking77, 10 of its labels",
    set: "banking77",
    seedsPerLabel: 20,
    maxTokens: 64,
    answer: "Message:",
    instruction:
      "Write one short message of a customer to the support of an online bank. It is about {label}. Only the message.",
    labels: {
      activate_my_card: "activating a new card",
      age_limit: "the age limit for an account",
      atm_support: "which cash machines can be used",
      card_arrival: "a card that has not arrived yet",
      card_linking: "linking a card to the app",
      exchange_rate: "exchange rates",
      lost_or_stolen_card: "a lost or stolen card",
      top_up_limits: "limits of topping up",
      transfer_fee_charged: "a fee charged for a transfer",
      verify_my_identity: "verifying one's identity",
    },
  },
  ag_news: {
    title: "AG News, 4 labels",
    set: "ag_news",
    seedsPerLabel: 50,
    maxTokens: 100,
    answer: "Summary:",
    instruction: "Write a summary for a news article about {label}. The summary should be one or two short sentences.",
    labels: {
      world:
        "international news, such as politics, diplomacy, conflicts, global events, international relations, human rights issues, and significant global trends",
      sports:
        "coverage of professional sports leagues, major tournaments, athletes, teams, match results, player transfers, coaching changes, sports-related controversies",
      business:
        "companies, industries, markets, trade, investments, entrepreneurship, economic policies, and other business-related developments",
      sci_tech: "scientific discoveries, technological advancements, innovations, research breakthroughs",
    },
  },
};

const cross = (contrast, heat) => ({ method: { name: "cross", repeat: 1, contrast, heat } });
const intra = (contrast, heat) => ({ method: { name: "intra", repeat: 2, contrast, heat } });
const hybrid = (within, between, heat) => ({
  method: { name: "hybrid", repeat: 2, intra: within, cross: between, heat },
});

/** In the order in which they are made: what most depends on first. */
export const arms = {
  fewgen: { title: "FewGen", method: { name: "fewgen" } },
  "cross-none-0.5": { title: "Cross 0.5, no heat", ...cross(0.5, "none") },
  "cross-none-2-first": {
    title: "Cross 2, no heat, first token",
    ...cross(2, "none"),
    sampling: { contrastTokens: 1 },
  },
  "hybrid-paper": { title: "Hybrid .5/.1, the paper's", ...hybrid(0.5, 0.1, "paper") },
  "cross-paper": { title: "Cross 0.1, the paper's", ...cross(0.1, "paper") },
  "fewgen-T0.7": { title: "FewGen at T 0.7", method: { name: "fewgen" }, sampling: { temperature: 0.7 } },
  "cross-none-1": { title: "Cross 1, no heat", ...cross(1, "none") },
  "hybrid-none-0.5": { title: "Hybrid .25/.25, no heat", ...hybrid(0.25, 0.25, "none") },
  "intra-none-0.5": { title: "Intra 0.5, no heat", ...intra(0.5, "none") },
  "hybrid-none-1": { title: "Hybrid .5/.5, no heat", ...hybrid(0.5, 0.5, "none") },
  "intra-none-1": { title: "Intra 1, no heat", ...intra(1, "none") },
};

/** The task of one run, as a task file holds it. Eight groups share a set of prompts. */
export function taskOf(task, arm, { teacher, seeds, seed, threads }) {
  const { labels, instruction, answer, maxTokens } = task;
  return {
    teacher,
    labels,
    prompt: { instruction, answer, shots: 3, format: "raw" },
    seeds,
    method: arm.method,
    count: rowsPerRun,
    engine: { threads, promptReuse: 8 },
    sampling: { maxTokens, stop: ["\n"], seed: 7 + seed, ...arm.sampling },
  };
}
