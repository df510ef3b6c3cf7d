"""Train the paper's student on a run's rows, test it on gold rows, and write DIR/student.json.

    python3 distilbert.py DIR --gold gold.jsonl [--text-column text] [--label-column label] [--cartography]

Reads DIR/data.jsonl ("text" and "label" of each line) and a gold file, JSON Lines, CSV or TSV. The recipe is that of the
CorrSynth paper (appendix J): distilbert-base-uncased, AdamW with learning rate 5e-5, weight decay 1e-4 and epsilon 1e-6,
batch 32, 6 epochs, linear schedule with 6 % warm-up, at most 512 tokens, 5 students. Dropout is 0.0 as in the published code
(SynthesizRR), which the paper does not state. Weight decay acts on all weights and gradients are not clipped; neither is
stated.

student.json has the fields of the library's ProxyStudent, so a report shows both alike:

    {
      "format": 1,
      "student": "distilbert-base-uncased",
      "recipe": {"learningRate": 5e-05, "batch": 32, ..., "commit": ..., "versions": {...}},
      "trainRows": 6000, "goldRows": 7600,
      "skipped": {"train": {"blank": 0, "unfinished": 0}, "gold": {...}},
      "accuracy": 0.87,                 mean over the students, 0..1
      "interval": [0.86, 0.88],         95 %, Student's t over the students; null of one
      "rowsInterval": [0.86, 0.88],     95 %, Wilson over the gold rows
      "perRun": [0.87, ...],
      "labels": ["business", ...],      sorted
      "unseenLabels": [],               labels that only gold rows have; these rows count as wrong
      "confusion": [[...], ...],        [gold][predicted], summed over the students
      "cartography": {                  with --cartography: the first student, one number for each training row
        "confidence": [...], "variability": [...], "correctness": [...]
      }
    }

Needs requirements.txt; uses CUDA when there is a GPU. The model comes from the Hugging Face hub, or a folder given as --model.
"""
import argparse
import json
import os
import random
import sys
from pathlib import Path

import figures
from rows import InputError, label_indices, read_rows


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("run", metavar="DIR", type=Path, help="a run directory; student.json is written there")
    parser.add_argument("--gold", type=Path, required=True, help="gold rows: .jsonl, .csv or .tsv")
    parser.add_argument("--text-column", default="text", help="column of the text in the gold file")
    parser.add_argument("--label-column", default="label", help="column of the label in the gold file")
    parser.add_argument("--model", default="distilbert-base-uncased", help="name on the hub, or a folder")
    parser.add_argument("--runs", type=whole_number, default=5, help="students")
    parser.add_argument("--epochs", type=whole_number, default=6)
    parser.add_argument("--batch", type=whole_number, default=32)
    parser.add_argument("--learning-rate", type=positive, default=5e-5)
    parser.add_argument("--weight-decay", type=share, default=1e-4)
    parser.add_argument("--epsilon", type=positive, default=1e-6)
    parser.add_argument("--warmup", type=share, default=0.06, help="share of the steps")
    parser.add_argument("--length", type=whole_number, default=512, help="most tokens of a text")
    parser.add_argument("--dropout", type=share, default=0.0)
    parser.add_argument("--seed", type=int, default=0, help="of the first student; the next ones count up")
    parser.add_argument("--cartography", action="store_true", help="also predict all training rows after each epoch")
    return parser.parse_args(arguments)


def whole_number(text):
    return checked(text, int, lambda value: value >= 1, "an integer from 1")


def positive(text):
    return checked(text, float, lambda value: 0 < value < float("inf"), "a number above 0")


def share(text):
    return checked(text, float, lambda value: 0 <= value <= 1, "a number 0..1")


def checked(text, kind, holds, expected):
    try:
        value = kind(text)
    except ValueError:
        value = None
    if value is None or not holds(value):
        raise argparse.ArgumentTypeError(f"expected {expected}, received {text}")
    return value


def train_student(args, seed, train, gold, n_labels, record):
    """One student: predictions for the gold rows, and the hub's commit of the model. Rows are (texts, label indices).

    record(probabilities of the own labels, 1 where they are the largest) is called after each epoch, when given.
    """
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    random.seed(seed)
    torch.manual_seed(seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    model = AutoModelForSequenceClassification.from_pretrained(
        args.model,
        num_labels=n_labels,
        dropout=args.dropout,
        attention_dropout=args.dropout,
        seq_classif_dropout=args.dropout,
    ).to(device)
    texts, labels = train
    steps = args.epochs * -(-len(texts) // args.batch)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=args.learning_rate, eps=args.epsilon, weight_decay=args.weight_decay
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: figures.learning_rate_factor(step, steps, args.warmup)
    )

    def logits(batch):
        encoded = tokenizer(batch, truncation=True, max_length=args.length, padding=True, return_tensors="pt")
        return model(**encoded.to(device)).logits

    def probabilities(batch_texts):
        model.eval()
        with torch.inference_mode():
            starts = range(0, len(batch_texts), args.batch)
            return torch.cat([logits(batch_texts[s : s + args.batch]).softmax(-1).cpu() for s in starts])

    order = list(range(len(texts)))
    for epoch in range(args.epochs):
        model.train()
        random.shuffle(order)
        total = 0.0
        for start in range(0, len(order), args.batch):
            chosen = order[start : start + args.batch]
            target = torch.tensor([labels[r] for r in chosen], device=device)
            loss = torch.nn.functional.cross_entropy(logits([texts[r] for r in chosen]), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            total += loss.item() * len(chosen)
        print(f"student {seed}, epoch {epoch + 1} of {args.epochs}: loss {total / len(order):.4f}", file=sys.stderr)
        if record:
            predicted = probabilities(texts)
            own = predicted[torch.arange(len(labels)), torch.tensor(labels)]
            right = predicted.argmax(-1) == torch.tensor(labels)
            record(own.tolist(), right.int().tolist())
    return probabilities(gold[0]).argmax(-1).tolist(), getattr(model.config, "_commit_hash", None)


def evaluate(args, train_student=train_student):
    """What student.json holds."""
    train = read_rows(args.run / "data.jsonl")
    gold = read_rows(args.gold, args.text_column, args.label_column)
    for path, rows in ((args.run / "data.jsonl", train), (args.gold, gold)):
        if len(rows) == 0:
            raise InputError(f"{path}: expected at least one row with a text, received none")
    labels, train_labels, gold_labels, unseen = label_indices(train.labels, gold.labels)
    if len(labels) < 2:
        raise InputError(f"expected at least two labels to tell apart, received {len(labels)}: {labels[0]}")
    probability, correct, per_run = [], [], []
    confusion = [[0] * len(labels) for _ in labels]
    commit = None
    for run in range(args.runs):
        def record(own, right):
            probability.append(own)
            correct.append(right)

        predicted, commit = train_student(
            args,
            args.seed + run,
            (train.texts, train_labels),
            (gold.texts, gold_labels),
            len(labels),
            record if args.cartography and run == 0 else None,
        )
        per_run.append(figures.accuracy(gold_labels, predicted))
        counts = figures.confusion_matrix(gold_labels, predicted, len(labels))
        confusion = [[a + b for a, b in zip(*both)] for both in zip(confusion, counts)]
    result = {
        "format": 1,
        "student": args.model,
        "recipe": {
            "learningRate": args.learning_rate,
            "batch": args.batch,
            "epochs": args.epochs,
            "weightDecay": args.weight_decay,
            "epsilon": args.epsilon,
            "warmup": args.warmup,
            "length": args.length,
            "dropout": args.dropout,
            "seed": args.seed,
            "commit": commit,
            "versions": versions(),
        },
        "trainRows": len(train),
        "goldRows": len(gold),
        "skipped": {
            "train": {"blank": train.blank, "unfinished": train.unfinished},
            "gold": {"blank": gold.blank, "unfinished": gold.unfinished},
        },
        "accuracy": figures.mean(per_run),
        "interval": figures.t_interval(per_run),
        "rowsInterval": figures.wilson_interval(figures.mean(per_run), len(gold)),
        "perRun": per_run,
        "labels": labels,
        "unseenLabels": unseen,
        "confusion": confusion,
    }
    if args.cartography:
        result["cartography"] = figures.data_map(probability, correct)
    return result


def versions():
    found = {"python": sys.version.split()[0]}
    for name in ("torch", "transformers"):
        if name in sys.modules:
            found[name] = sys.modules[name].__version__
    return found


def main(arguments=None):
    args = parse_arguments(arguments)
    try:
        result = evaluate(args)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except ImportError as error:
        print(f"{error}: pip install -r {Path(__file__).with_name('requirements.txt')}", file=sys.stderr)
        return 1
    path = args.run / "student.json"
    partial = path.with_suffix(".json.tmp")
    partial.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(partial, path)
    interval = result["interval"]
    spread = "" if interval is None else f" (95 %: {100 * interval[0]:.1f} to {100 * interval[1]:.1f})"
    of = f"{args.runs} students on {result['goldRows']} gold rows"
    print(f"accuracy {100 * result['accuracy']:.1f}{spread} of {of}: {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
