"""python3 -m unittest discover -s scripts/student. The training itself is tested where requirements.txt is installed."""
import contextlib
import importlib.util
import io
import json
import math
import tempfile
import unittest
from pathlib import Path

import distilbert
import figures
from rows import InputError, label_indices, read_rows


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class ReadRows(Folder):
    def test_json_lines(self):
        path = self.write("a.jsonl", '\ufeff{"text": "x\u2028y", "label": "b", "id": 1}\r\n\n{"text": "z", "label": 3}\n')
        rows = read_rows(path)
        self.assertEqual((rows.texts, rows.labels), (["x\u2028y", "z"], ["b", "3"]))
        self.assertEqual((rows.blank, rows.unfinished), (0, 0))

    def test_columns_of_a_csv_with_quotes_and_line_breaks(self):
        path = self.write("a.csv", 'topic,body\r\nb,"one, ""two""\nthree"\r\na,x\u2028y\r\n')
        rows = read_rows(path, text="body", label="topic")
        self.assertEqual((rows.texts, rows.labels), (['one, "two"\nthree', "x\u2028y"], ["b", "a"]))

    def test_tab_separated_values(self):
        self.assertEqual(read_rows(self.write("a.tsv", "text\tlabel\na, b\tc\n")).texts, ["a, b"])

    def test_blank_texts_and_a_half_written_last_line_are_left_out_and_counted(self):
        content = '{"text": " ", "label": "a"}\n{"text": "x", "label": "a"}\n{"text": "y", "la'
        rows = read_rows(self.write("a.jsonl", content))
        self.assertEqual((rows.texts, rows.blank, rows.unfinished), (["x"], 1, 1))

    def test_wrong_files_are_refused_with_their_place(self):
        table = [
            ("a.txt", "", r"ends in \.jsonl, \.csv, \.tsv"),
            ("a.jsonl", '{"text": \n{"text": "x", "label": "a"}\n', r"a\.jsonl:1: expected one JSON object a line"),
            ("a.jsonl", '{"text": "x"\n', r"a\.jsonl:1: expected one JSON object"),
            ("a.jsonl", "[]\n", r"a\.jsonl:1: expected a JSON object, received list"),
            ("a.jsonl", '{"body": "x", "label": "a"}\n', r'a column "text", found body, label: name it with --text-column'),
            ("a.jsonl", '{"text": "x", "label": null}\n', r'expected a column "label"'),
            ("a.jsonl", '{"text": 1, "label": "a"}\n', r"expected text to be a text, received int"),
            ("a.jsonl", '{"text": "x", "label": ""}\n', r"expected label to name a label"),
            ("a.jsonl", b'{"text": "\xff", "label": "a"}\n', r"expected UTF-8, byte 10"),
            ("a.csv", "text,label\nx\n", r'a\.csv:2: expected a column "label"'),
        ]
        for name, content, message in table:
            with self.subTest(content=content), self.assertRaisesRegex(InputError, message):
                read_rows(self.write(name, content))
        with self.assertRaisesRegex(InputError, "expected a readable file"):
            read_rows(self.folder / "none.jsonl")


class Labels(unittest.TestCase):
    def test_both_sets_share_one_sorted_list_and_labels_of_gold_alone_are_named(self):
        labels, train, gold, unseen = label_indices(["c", "a", "c"], ["b", "a"])
        self.assertEqual((labels, train, gold, unseen), (["a", "b", "c"], [2, 0, 2], [1, 0], ["b"]))


class Figures(unittest.TestCase):
    def test_accuracy_and_confusion(self):
        self.assertEqual(figures.accuracy([0, 1, 1, 0], [0, 1, 0, 0]), 0.75)
        self.assertEqual(figures.confusion_matrix([0, 1, 1, 0], [0, 1, 0, 0], 3), [[2, 0, 0], [1, 1, 0], [0, 0, 0]])

    def test_t_interval(self):
        # mean 2, s = 1, two degrees: t = 0.95 sqrt(2 / (1 - 0.95^2)) = 4.302653, divided by sqrt(3)
        low, high = figures.t_interval([1, 2, 3])
        self.assertAlmostEqual(low, 2 - 2.484138, 5)
        self.assertAlmostEqual(high, 2 + 2.484138, 5)
        self.assertIsNone(figures.t_interval([0.5]))
        for degrees, t in ((1, 12.706), (4, 2.776), (9, 2.262), (30, 2.042)):
            self.assertAlmostEqual(figures.t_quantile(degrees), t, 3)

    def test_wilson_interval(self):
        # no success of 10: 0 to z^2 / (10 + z^2), z^2 = 3.841459
        low, high = figures.wilson_interval(0, 10)
        self.assertAlmostEqual(low, 0, 12)
        self.assertAlmostEqual(high, 3.841459 / 13.841459, 6)

    def test_data_map(self):
        # row 0: mean 0.5, sqrt((0.09 + 0 + 0.09) / 3), right in two of three epochs
        found = figures.data_map([[0.2, 1], [0.5, 1], [0.8, 1]], [[0, 1], [1, 1], [1, 1]])
        self.assertAlmostEqual(found["confidence"][0], 0.5)
        self.assertAlmostEqual(found["variability"][0], math.sqrt(0.06))
        self.assertAlmostEqual(found["correctness"][0], 2 / 3)
        self.assertEqual([found[name][1] for name in ("confidence", "variability", "correctness")], [1, 0, 1])

    def test_learning_rate_factor(self):
        # 100 steps, 6 of warm-up: 0, 1/6, ... then from 1 at step 6 down to 0 at step 100
        for step, factor in ((0, 0), (3, 0.5), (6, 1), (53, 0.5), (100, 0), (101, 0)):
            self.assertAlmostEqual(figures.learning_rate_factor(step, 100, 0.06), factor)
        self.assertEqual(figures.learning_rate_factor(0, 10, 0), 1)
        self.assertEqual(figures.learning_rate_factor(1, 1, 1), 0)


class Arguments(unittest.TestCase):
    def test_the_defaults_are_the_recipe(self):
        args = distilbert.parse_arguments(["run", "--gold", "gold.jsonl"])
        self.assertEqual(
            (args.model, args.learning_rate, args.batch, args.weight_decay, args.epsilon, args.epochs),
            ("distilbert-base-uncased", 5e-5, 32, 1e-4, 1e-6, 6),
        )
        self.assertEqual((args.warmup, args.length, args.runs, args.dropout), (0.06, 512, 5, 0.0))

    def test_wrong_values_end_with_exit_code_2_and_say_what_was_expected(self):
        table = [
            (["run"], "--gold"),
            (["run", "--gold", "g", "--epochs", "0"], "expected an integer from 1, received 0"),
            (["run", "--gold", "g", "--runs", "many"], "expected an integer from 1, received many"),
            (["run", "--gold", "g", "--learning-rate", "nan"], "expected a number above 0, received nan"),
            (["run", "--gold", "g", "--warmup", "6"], "expected a number 0..1, received 6"),
        ]
        for arguments, message in table:
            printed = io.StringIO()
            with self.subTest(arguments=arguments), contextlib.redirect_stderr(printed):
                with self.assertRaises(SystemExit) as stopped:
                    distilbert.parse_arguments(arguments)
                self.assertEqual(stopped.exception.code, 2)
                self.assertIn(message, printed.getvalue())


class Evaluate(Folder):
    def arguments(self, *more):
        self.write("data.jsonl", "".join(json.dumps({"text": f"t{i}", "label": "ab"[i % 2]}) + "\n" for i in range(6)))
        gold = self.write("gold.csv", "text,label\nx,a\ny,b\nz,c\nw,a\n")
        return distilbert.parse_arguments([str(self.folder), "--gold", str(gold), *more])

    def test_puts_the_students_figures_together(self):
        calls = []

        def always_a(args, seed, train, gold, n_labels, record):
            calls.append((seed, train[1], gold[1], n_labels))
            if record:
                record([0.25] * 6, [0] * 6)
                record([0.75] * 6, [1] * 6)
            return [0, 0 if seed == 7 else 1, 0, 0], "abc"

        found = distilbert.evaluate(self.arguments("--runs", "2", "--seed", "7", "--cartography"), always_a)
        self.assertEqual(calls, [(seed, [0, 1, 0, 1, 0, 1], [0, 1, 2, 0], 3) for seed in (7, 8)])
        self.assertEqual((found["perRun"], found["accuracy"]), ([0.5, 0.75], 0.625))
        self.assertEqual(found["confusion"], [[4, 0, 0], [1, 1, 0], [2, 0, 0]])
        self.assertEqual((found["labels"], found["unseenLabels"]), (["a", "b", "c"], ["c"]))
        self.assertEqual((found["trainRows"], found["goldRows"], found["recipe"]["commit"]), (6, 4, "abc"))
        self.assertEqual(
            found["cartography"], {"confidence": [0.5] * 6, "variability": [0.25] * 6, "correctness": [0.5] * 6}
        )
        json.dumps(found, allow_nan=False)

    def test_input_that_cannot_be_learnt_from_is_refused(self):
        args = self.arguments()
        self.write("gold.csv", "text,label\n ,a\n")
        with self.assertRaisesRegex(InputError, "gold.csv: expected at least one row with a text"):
            distilbert.evaluate(args, None)
        self.write("gold.csv", "text,label\nx,a\n")
        self.write("data.jsonl", '{"text": "x", "label": "a"}\n')
        with self.assertRaisesRegex(InputError, "at least two labels to tell apart, received 1: a"):
            distilbert.evaluate(args, None)
        printed = io.StringIO()
        with contextlib.redirect_stderr(printed):
            self.assertEqual(distilbert.main([str(self.folder / "none"), "--gold", str(args.gold)]), 2)
        self.assertIn("data.jsonl: expected a readable file", printed.getvalue())

    @unittest.skipUnless(
        all(importlib.util.find_spec(name) for name in ("torch", "transformers")), "torch and transformers are not installed"
    )
    def test_a_tiny_untrained_model_learns_two_words(self):
        import torch
        from transformers import DistilBertConfig, DistilBertForSequenceClassification, DistilBertTokenizer

        vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "apple", "iron", "the", "a"]
        model = self.folder / "model"
        config = DistilBertConfig(vocab_size=len(vocabulary), dim=16, n_layers=1, n_heads=2, hidden_dim=32)
        torch.manual_seed(0)
        DistilBertForSequenceClassification(config).save_pretrained(model)
        tokenizer = DistilBertTokenizer(vocab={word: i for i, word in enumerate(vocabulary)})
        tokenizer.save_pretrained(model)
        lines = [{"text": f"the {word}", "label": label} for word, label in (("apple", "fruit"), ("iron", "metal"))] * 20
        content = "".join(json.dumps(line) + "\n" for line in lines)
        self.write("data.jsonl", content)
        gold = self.write("gold.jsonl", content)
        arguments = [str(self.folder), "--gold", str(gold), "--model", str(model), "--runs", "2", "--cartography"]
        with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
            self.assertEqual(distilbert.main([*arguments, "--learning-rate", "0.01", "--epochs", "15", "--batch", "4"]), 0)
        found = json.loads((self.folder / "student.json").read_text())
        self.assertEqual((found["accuracy"], found["confusion"]), (1.0, [[40, 0], [0, 40]]))
        self.assertEqual([len(values) for values in found["cartography"].values()], [40, 40, 40])
        self.assertGreater(min(found["cartography"]["confidence"]), 0.5)
        self.assertIn("transformers", found["recipe"]["versions"])


if __name__ == "__main__":
    unittest.main()
