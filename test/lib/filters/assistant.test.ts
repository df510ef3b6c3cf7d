import { expect, it } from "vitest";
import { assistantFilter } from "../../../lib/filters/assistant.js";
import { row } from "./row.js";

it.each([
  "I'm sorry, but I can't write a review of that movie.",
  "I’m sorry, but I can’t assist with that request.",
  "I am sorry, I cannot generate a headline about this topic.",
  "Sorry, but I can't help with that.",
  "I apologize, but I am unable to provide a summary for this article.",
  "Unfortunately, I can not complete this.",
  "I cannot fulfill this request.",
  "I can't comply with that request. It",
  "As an AI language model, I do not have opinions",
  "As an AI, I cannot",
  "As a large language model, I",
  "As an AI assistant developed by Some Lab, I",
  "I'm sorry, but as an AI language model, I cannot generate that.",
  "I'm just an AI language model and do not watch films.",
  "I am an AI assistant designed to help",
  "Sure, here is a summary for the article: Shares fell",
  "Sure! Here's a short headline:\n\nShares fall",
  "Certainly! Here are three questions about shoes:\n1.",
  "Here's a possible summary of a news article about sports:\nThe",
  "Here is the review you asked for: I liked it.",
  "Of course! I'd be happy to help with that.",
])("rejects %j", (text) => {
  expect(assistantFilter()(row(text))).toBe("assistant");
});

it.each([
  "I'm sorry, but I hated this movie.",
  "I'm sorry, but I can't recommend this film to anyone.",
  "I can't help but love this film.",
  "I cannot provide enough praise for the leading actor.",
  "Sorry, but this product does not work.",
  "Unfortunately, I can't return the shoes.",
  "Unfortunately, I can't complete my order.",
  "I'm sorry, but I can't provide a higher rating.",
  "As an AI researcher, I found the plot of this film silly.",
  "As an airline, it reported a loss",
  "I am an AI skeptic and this film did not change that.",
  "Sure, here is where the film loses its way.",
  "Sure, it is long, but it is good.",
  "Here's why the review of the bill was delayed",
  "Here is a film that makes no sense. The reviews: terrible.",
  "Here are five reasons to visit Rome",
  "Of course, here's the problem: nobody cares.",
  "Certainly the best summary of the war.",
  "Will this chatbot say 'as an AI language model, I cannot'?",
  "language model: a model that predicts the next word",
  "sorry: feeling regret",
])("lets %j pass", (text) => {
  expect(assistantFilter()(row(text))).toBe(undefined);
});

it("looks at the beginning alone, but for what nobody else says", () => {
  const good = "It was good. ".repeat(40);
  expect(assistantFilter()(row(`${good}I'm sorry, but I can't assist with that.`))).toBe(undefined);
  expect(assistantFilter()(row(`${good}As an AI, I liked it.`))).toBe("assistant");
  for (const piece of ["here is a summary ", "sorry, ", "as an ai ", " "]) {
    expect(assistantFilter()(row(piece.repeat(100_000))), piece).toBe(undefined);
  }
});
