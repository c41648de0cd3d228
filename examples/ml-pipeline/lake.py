"""Files in a directory. A file's version is made of its content, a model's is a number that counts up."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Written:
    name: str
    version: str
    row_count: int
    byte_count: int


class Lake:
    def __init__(self, directory):
        self.directory = Path(directory)
        self.model_count = 0

    def write_rows(self, name, rows):
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        return self._write(name, text.getvalue(), len(rows))

    def write_model(self, name, model):
        self.model_count += 1
        return self._write(name, json.dumps(model, indent=2), 1, str(self.model_count))

    def read_rows(self, name):
        with open(self.directory / name, newline="") as file:
            return list(csv.DictReader(file))

    def read_model(self, name):
        return json.loads((self.directory / name).read_text())

    def _write(self, name, text, row_count, version=None):
        path = self.directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        content = text.encode()
        return Written(name, version or hashlib.sha256(content).hexdigest()[:12], row_count, len(content))
