"""Rows of text and label from JSON Lines, CSV or TSV files. No dependency."""
import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path


class InputError(Exception):
    """The input is wrong; the message says where and what to do."""


@dataclass
class Rows:
    texts: list
    labels: list
    blank: int = 0  # rows left out since their text is blank
    unfinished: int = 0  # 1 when the last line was only half written

    def __len__(self):
        return len(self.texts)


def read_rows(path, text="text", label="label"):
    """The rows of a .jsonl, .csv or .tsv file; `text` and `label` name the fields or columns."""
    path = Path(path)
    readers = {".jsonl": _json_lines, ".csv": _csv, ".tsv": _csv}
    if path.suffix not in readers:
        raise InputError(f"{path}: expected a file that ends in {', '.join(readers)}")
    try:
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path}: expected a readable file ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: expected UTF-8, byte {error.start} is none: save the file as UTF-8") from error
    rows = Rows([], [])
    for line, record in readers[path.suffix](path, content, rows):
        _add(rows, f"{path}:{line}", record, text, label)
    return rows


def _json_lines(path, content, rows):
    lines = content.split("\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            if number == len(lines):  # no line end behind it: a run that was killed while it wrote
                rows.unfinished = 1
                return
            raise InputError(f"{path}:{number}: expected one JSON object a line ({error})") from error
        if not isinstance(record, dict):
            raise InputError(f"{path}:{number}: expected a JSON object, received {type(record).__name__}")
        yield number, record


def _csv(path, content, rows):
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter="\t" if path.suffix == ".tsv" else ",")
    try:
        for record in reader:
            yield reader.line_num, record
    except csv.Error as error:
        raise InputError(f"{path}:{reader.line_num}: expected comma-separated values ({error})") from error


def _add(rows, where, record, text, label):
    for option, name in (("--text-column", text), ("--label-column", label)):
        if record.get(name) is None:
            found = ", ".join(str(key) for key in record if key is not None)
            raise InputError(f'{where}: expected a column "{name}", found {found}: name it with {option}')
    if not isinstance(record[text], str):
        raise InputError(f"{where}: expected {text} to be a text, received {type(record[text]).__name__}")
    if not isinstance(record[label], (str, int)) or record[label] == "":
        raise InputError(f"{where}: expected {label} to name a label, received {record[label]!r}")
    if not record[text].strip():
        rows.blank += 1
        return
    rows.texts.append(record[text])
    rows.labels.append(str(record[label]))


def label_indices(train, gold):
    """All labels, sorted; the index of each row's label in both sets; and the labels that only gold has."""
    labels = sorted(set(train) | set(gold))
    index = {label: k for k, label in enumerate(labels)}
    unseen = sorted(set(gold) - set(train))
    return labels, [index[label] for label in train], [index[label] for label in gold], unseen
