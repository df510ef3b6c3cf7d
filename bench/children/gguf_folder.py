"""Writes a GGUF model as a folder that transformers and vLLM read, its weights dequantised.

    python gguf_folder.py MODEL.gguf FOLDER
"""
import os
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

model, folder = sys.argv[1:]
where = {"gguf_file": os.path.basename(model)}
tokenizer = AutoTokenizer.from_pretrained(os.path.dirname(model), **where)
weights = AutoModelForCausalLM.from_pretrained(os.path.dirname(model), dtype=torch.float32, **where)
# dequantised already, but transformers takes it for a quantised one, which it does not save
weights.hf_quantizer = None
if hasattr(weights.config, "quantization_config"):
    del weights.config.quantization_config
weights.save_pretrained(f"{folder}.part")
tokenizer.save_pretrained(f"{folder}.part")
os.rename(f"{folder}.part", folder)
