"""transformers completes prompts in batches, padded on the left. See rounds.py; settings { folder, dtype, threads, rows,
tokens, topP, minP }."""
import torch
import transformers
from rounds import end_tokens, serve
from transformers import AutoModelForCausalLM, AutoTokenizer, StoppingCriteria, StoppingCriteriaList


class Newline(StoppingCriteria):
    """A row is over with a token that has a newline: a look-up, which costs less than a search for a stop string."""

    def __init__(self, tokenizer, size):
        self.has = torch.zeros(size, dtype=torch.bool)
        for token, text in enumerate(tokenizer.batch_decode([[i] for i in range(len(tokenizer))])):
            self.has[token] = "\n" in text

    def __call__(self, input_ids, scores, **kwargs):
        return self.has[input_ids[:, -1]]


def load(settings):
    torch.set_num_threads(settings["threads"])
    tokenizer = AutoTokenizer.from_pretrained(settings["folder"], padding_side="left")
    model = AutoModelForCausalLM.from_pretrained(settings["folder"], dtype=getattr(torch, settings["dtype"])).eval()
    ends = end_tokens(tokenizer)
    tokenizer.pad_token_id = ends[0]
    newline = StoppingCriteriaList([Newline(tokenizer, model.config.vocab_size)])

    def row(ids):
        over = next((i for i, token in enumerate(ids) if token in ends or newline[0].has[token]), None)
        if over is None:
            return {"text": tokenizer.decode(ids), "tokens": len(ids), "ending": "length"}
        if ids[over] in ends:
            return {"text": tokenizer.decode(ids[:over]), "tokens": over + 1, "ending": "eos"}
        text = tokenizer.decode(ids[: over + 1]).split("\n", 1)[0]
        return {"text": text, "tokens": over + 1, "ending": "stop"}

    def complete(prompts, seed):
        torch.manual_seed(seed)
        texts, prompt_tokens = [], 0
        for first in range(0, len(prompts), settings["rows"]):
            batch = tokenizer(prompts[first : first + settings["rows"]], return_tensors="pt", padding=True)
            prompt_tokens += int(batch["attention_mask"].sum())
            with torch.inference_mode():
                out = model.generate(
                    input_ids=batch["input_ids"],
                    attention_mask=batch["attention_mask"],
                    max_new_tokens=settings["tokens"],
                    do_sample=True,
                    temperature=1.0,
                    top_k=0,
                    top_p=settings["topP"],
                    min_p=settings["minP"],
                    repetition_penalty=1.0,
                    eos_token_id=ends,
                    pad_token_id=ends[0],
                    stopping_criteria=newline,
                )
            texts += [row(ids) for ids in out[:, batch["input_ids"].shape[1] :].tolist()]
        return texts, prompt_tokens

    return f"transformers {transformers.__version__}, {settings['dtype']}, batches of {settings['rows']}", complete


if __name__ == "__main__":
    serve(load)
