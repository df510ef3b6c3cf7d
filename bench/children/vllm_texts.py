"""vLLM for CPU completes prompts, as many at once as `rows` says. See rounds.py; settings { folder, dtype, threads, rows,
rowTokens, tokens, topP, minP }."""
import os

from rounds import end_tokens, serve


def load(settings):
    os.environ.setdefault("VLLM_CPU_KVCACHE_SPACE", "2")
    os.environ["VLLM_ENABLE_V1_MULTIPROCESSING"] = "0"  # no process that looks for work while others are measured
    os.environ["VLLM_NO_USAGE_STATS"] = "1"
    os.environ["OMP_NUM_THREADS"] = str(settings["threads"])
    os.environ["HF_HUB_OFFLINE"] = "1"
    import vllm
    from vllm import LLM, SamplingParams

    llm = LLM(
        model=settings["folder"],
        dtype=settings["dtype"],
        max_model_len=settings["rowTokens"],
        max_num_seqs=settings["rows"],
    )
    ends = end_tokens(llm.get_tokenizer())

    def row(output):
        ended = "stop" if output.stop_reason == "\n" else "eos"
        ending = "length" if output.finish_reason == "length" else ended
        return {"text": output.text, "tokens": len(output.token_ids), "ending": ending}

    def complete(prompts, seed):
        sampling = SamplingParams(
            temperature=1.0,
            top_p=settings["topP"],
            top_k=0,
            min_p=settings["minP"],
            max_tokens=settings["tokens"],
            stop=["\n"],
            stop_token_ids=ends,
        )
        outputs = llm.generate(prompts, sampling, use_tqdm=False)
        return [row(o.outputs[0]) for o in outputs], sum(len(o.prompt_token_ids) for o in outputs)

    return f"vLLM for CPU {vllm.__version__}, {settings['dtype']}, {settings['rows']} at once", complete


if __name__ == "__main__":
    serve(load)
