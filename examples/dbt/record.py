"""Records what dbt-ol sends as it comes, in folders of one file an event: `record.py DIRECTORY`. Runs in the project's directory."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROJECT = Path(__file__).parent
BIN = Path(sys.executable).parent

# Each folder with the commands before, whose events are not kept, and the command whose events are.
RECORDINGS = {
    "run_failing": ([], "run"),  # the sources are not there yet
    "run": (["seed", "run", "docs generate"], "run"),
    "test": ([], "test"),
}


def record(directory):
    for made in ["target", "logs"]:
        shutil.rmtree(PROJECT / made, ignore_errors=True)
    (PROJECT / "shop.duckdb").unlink(missing_ok=True)
    for folder, (before, command) in RECORDINGS.items():
        for each in before:
            subprocess.run([BIN / "dbt", *each.split()], cwd=PROJECT, check=True)
        with tempfile.TemporaryDirectory() as scratch:
            log = Path(scratch) / "events.ndjson"
            transport = {"type": "file", "log_file_path": str(log), "append": True}
            environment = {**os.environ, "OPENLINEAGE__TRANSPORT": json.dumps(transport)}
            subprocess.run([BIN / "dbt-ol", *command.split()], cwd=PROJECT, env=environment)
            write_events(directory / folder, log.read_text())


def write_events(folder, text):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number, line in enumerate(text.splitlines(), start=1):
        event = json.loads(line.replace(str(PROJECT.resolve()), "/project"))
        path = folder / f"{number:02}-{event['eventType']}-{event['job']['name']}.json"
        path.write_text(json.dumps(event, indent=2, ensure_ascii=False) + "\n")
    print(f"{number} events in {folder}")


if __name__ == "__main__":
    record(Path(sys.argv[1]).resolve())
