"""llama-cpp-python completes prompts one after the other: it decodes one sequence at a time. See rounds.py; settings
{ model, threads, rowTokens, tokens, topP, minP }."""
from rounds import serve


def load(settings):
    import llama_cpp

    llm = llama_cpp.Llama(
        model_path=settings["model"],
        n_ctx=settings["rowTokens"],
        n_threads=settings["threads"],
        n_threads_batch=settings["threads"],
        verbose=False,
    )

    def complete(prompts, seed):
        texts, prompt_tokens = [], 0
        for i, prompt in enumerate(prompts):
            out = llm.create_completion(
                prompt,
                max_tokens=settings["tokens"],
                temperature=1.0,
                top_p=settings["topP"],
                top_k=0,
                min_p=settings["minP"],
                repeat_penalty=1.0,
                stop=["\n"],
                seed=seed + i,
            )
            choice, usage = out["choices"][0], out["usage"]
            ending = "length" if choice["finish_reason"] == "length" else "stop"
            texts.append({"text": choice["text"], "tokens": usage["completion_tokens"], "ending": ending})
            prompt_tokens += usage["prompt_tokens"]
        return texts, prompt_tokens

    return f"llama-cpp-python {llama_cpp.__version__}, one at a time", complete


if __name__ == "__main__":
    serve(load)
