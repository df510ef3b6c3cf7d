"""Every export is read by what training reads with: datasets, pyarrow and pandas.

    python3 -m pip install --target .cmake/python -r test/python/requirements.txt
    PYTHONPATH=.cmake/python python3 -m unittest discover -s test/python

The last line is "N passed, N failed", of tests. The package must be compiled: npm run build:ts.
"""
import json
import os
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

HERE = Path(__file__).resolve().parent
FOLDER = tempfile.TemporaryDirectory()
# what datasets caches stays in this folder, and nothing is asked of a hub
os.environ.update(HF_HOME=f"{FOLDER.name}/hf", HF_HUB_OFFLINE="1", HF_DATASETS_DISABLE_PROGRESS_BARS="1")

import datasets
import pandas
import pyarrow.parquet

COLUMNS = {"basic": ["text", "label"], "soft": ["text", "label", "labelProbability", "labelProbabilities"]}
SPLITS = ["", "-split"]


def setUpModule():
    subprocess.run(["node", HERE / "write-exports.mjs", FOLDER.name], check=True)


def tearDownModule():
    FOLDER.cleanup()


class Exports(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        expected = json.loads(Path(FOLDER.name, "expected.json").read_text("utf8"))
        cls.labels, cls.rows, cls.sizes = expected["labels"], expected["rows"], expected["sizes"]

    def names(self, form):
        return [(columns, split, f"{form}-{columns}{split}") for columns in ["basic", "soft", "all"] for split in SPLITS]

    def files(self, name, form):
        """Paths of an export by split."""
        folder = Path(FOLDER.name, name)
        if name.endswith("-split"):
            return {split: folder / f"{split}.{form}" for split in ["train", "validation"]}
        return {"train": Path(FOLDER.name, f"{name}.{form}")}

    def check(self, found, columns, name):
        """Rows by split: those of the run, none twice, and as many in each split as the export said."""
        self.assertEqual([len(found["train"]), len(found.get("validation", []))], self.sizes[name])
        together = [row for split in found.values() for row in split]
        key = lambda row: (row["text"], row["label"])
        wanted = sorted(self.rows, key=key)
        together.sort(key=key)
        self.assertEqual([key(row) for row in together], [key(row) for row in wanted])
        if columns != "basic":
            for row, want in zip(together, wanted):
                self.assertEqual(row["labelProbability"], want["labelProbability"])
                self.assertEqual(row["labelProbabilities"], want["labelProbabilities"])
        if columns == "all":
            for row, want in zip(together, wanted):
                for field in ["weight", "logprob"]:
                    self.assertEqual(row[field], want.get(field), (field, row))
                self.assertEqual([row[field] for field in ["id", "group", "tokens"]], [want[field] for field in ["id", "group", "tokens"]])

    def test_datasets_reads_the_folder_with_its_classes_and_splits(self):
        for columns, split, name in self.names("hf"):
            with self.subTest(name), warnings.catch_warnings():
                warnings.simplefilter("error")
                read = datasets.load_dataset(str(Path(FOLDER.name, name)))
                self.assertEqual(list(read), ["train", "validation"] if split else ["train"])
                for part in read.values():
                    self.assertEqual(part.features["label"], datasets.ClassLabel(names=self.labels))
                    if columns in COLUMNS:
                        self.assertEqual(part.column_names, COLUMNS[columns])
                found = {part: [self.by_name(row) for row in rows] for part, rows in read.items()}
                self.check(found, columns, name)

    def by_name(self, row):
        soft = row.get("labelProbabilities")
        named = {"label": self.labels[row["label"]]}
        if soft is not None:
            named["labelProbabilities"] = dict(zip(self.labels, soft))
        return {**row, **named}

    def test_datasets_reads_json_lines_and_csv(self):
        for form, loader in [("jsonl", "json"), ("csv", "csv")]:
            for columns, _, name in self.names(form):
                if columns == "all" or (columns == "soft" and form == "jsonl"):
                    continue  # objects of other keys in a row are no table; they are read below
                with self.subTest(name):
                    files = {split: str(path) for split, path in self.files(name, form).items()}
                    options = {"keep_default_na": False} if form == "csv" else {}
                    read = datasets.load_dataset(loader, data_files=files, **options)
                    found = {split: [self.parsed(row) for row in rows] for split, rows in read.items()}
                    self.check(found, columns, name)

    def parsed(self, row):
        """Of a cell that is JSON, its value; of one without, none."""
        cells = {key: None if value == "" or value != value else value for key, value in row.items()}
        soft = cells.get("labelProbabilities")
        if isinstance(soft, str):
            cells["labelProbabilities"] = json.loads(soft)
        return cells

    def test_json_lines_are_read_line_by_line(self):
        for columns, _, name in self.names("jsonl"):
            with self.subTest(name):
                files = self.files(name, "jsonl")
                found = {split: [json.loads(line) for line in path.read_bytes().decode("utf8").split("\n")[:-1]] for split, path in files.items()}
                self.check(found, columns, name)

    def test_pandas_reads_csv(self):
        for columns, _, name in self.names("csv"):
            with self.subTest(name):
                found = {}
                for split, path in self.files(name, "csv").items():
                    # a text such as NA is a text: only empty cells of numbers are none
                    texts = {"text": str, "label": str, "id": str}
                    frame = pandas.read_csv(path, dtype=texts, keep_default_na=False, na_values={"weight": [""], "logprob": [""]})
                    found[split] = [self.parsed(row) for row in frame.to_dict("records")]
                self.check(found, columns, name)

    def test_pyarrow_and_pandas_read_parquet(self):
        for columns, _, name in self.names("parquet"):
            for reader in ["pyarrow", "pandas"]:
                with self.subTest(name, reader=reader):
                    found = {}
                    for split, path in self.files(name, "parquet").items():
                        rows = (
                            pyarrow.parquet.read_table(path).to_pylist()
                            if reader == "pyarrow"
                            else pandas.read_parquet(path).astype(object).to_dict("records")
                        )
                        found[split] = [self.parsed(self.plain(row)) for row in rows]
                    self.check(found, columns, name)

    def plain(self, row):
        """Values of pandas that Python compares: lists of arrays, none of what is not a number."""
        return {key: list(value) if hasattr(value, "tolist") and getattr(value, "ndim", 0) else value for key, value in row.items()}

    def test_pyarrow_has_the_types_of_the_columns(self):
        schema = pyarrow.parquet.read_schema(Path(FOLDER.name, "parquet-all.parquet"))
        types = {name: str(schema.field(name).type) for name in ["text", "label", "group", "weight", "labelProbability"]}
        self.assertEqual(types, {"text": "string", "label": "string", "group": "int64", "weight": "double", "labelProbability": "double"})


if __name__ == "__main__":
    outcome = unittest.main(exit=False).result
    failed = len(outcome.failures) + len(outcome.errors)
    print(f"{outcome.testsRun - failed if failed < outcome.testsRun else 0} passed, {failed} failed")
    sys.exit(failed > 0)
