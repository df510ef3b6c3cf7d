"""How a contender in Python talks to bench/few-shot.mjs: JSON, a line each.

It reads its settings, loads, says { name, loadSeconds }, then answers every { prompts, seed } with { seconds,
promptTokens, texts: [{ text, tokens, ending }] }, until its standard input ends. What libraries print goes to standard
error.
"""
import json
import os
import sys
import time


def serve(load):
    """load(settings) gives (name, complete); complete(prompts, seed) gives (texts, promptTokens)."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def say(answer):
        answers.write(json.dumps(answer) + "\n")
        answers.flush()

    settings = json.loads(sys.stdin.readline())
    started = time.perf_counter()
    name, complete = load(settings)
    say({"name": name, "loadSeconds": time.perf_counter() - started})
    for line in sys.stdin:
        asked = json.loads(line)
        started = time.perf_counter()
        texts, prompt_tokens = complete(asked["prompts"], asked["seed"])
        say({"seconds": time.perf_counter() - started, "promptTokens": prompt_tokens, "texts": texts})


def end_tokens(tokenizer):
    """Ids of the tokens that end a text, as llama.cpp knows them by their names."""
    names = ["<|endoftext|>", "<|im_end|>", "</s>", "<|end_of_text|>", "<|eot_id|>", "<eos>", "<end_of_turn>"]
    known = tokenizer.get_vocab()
    own = [] if tokenizer.eos_token_id is None else [tokenizer.eos_token_id]
    return sorted({*own, *(known[name] for name in names if name in known)})
