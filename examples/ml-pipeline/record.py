"""Records the pipeline's events as the client writes them, with fixed times and run ids: `record.py DIRECTORY`, one file an event."""

import json
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from openlineage.client import OpenLineageClient
from openlineage.client.facet_v2 import set_producer
from openlineage.client.transport.file import FileConfig, FileTransport
from openlineage.client.uuid import generate_static_uuid

from lineage import PRODUCER, Lineage
from pipeline import ROUNDS, Pipeline


class Clock:
    """Each look at it takes 20 seconds."""

    def start(self, day):
        self.time = datetime.fromisoformat(f"{day}T02:00:00").replace(tzinfo=timezone.utc)

    def now(self):
        self.time += timedelta(seconds=20)
        return self.time


def record(directory):
    set_producer(PRODUCER)
    clock = Clock()
    with tempfile.TemporaryDirectory() as scratch:
        log = Path(scratch) / "events.ndjson"
        client = OpenLineageClient(transport=FileTransport(FileConfig(log_file_path=str(log), append=True)))
        lineage = Lineage(client, clock.now, lambda now, job: generate_static_uuid(now, job.encode()))
        pipeline = Pipeline(lineage, Path(scratch) / "lake")
        for round in ROUNDS:
            clock.start(round.day)
            pipeline.run(round)
        lines = log.read_text().splitlines()
    directory.mkdir(parents=True, exist_ok=True)
    for old in directory.glob("*.json"):
        old.unlink()
    for number, line in enumerate(lines, start=1):
        event = json.loads(line)
        path = directory / f"{number:02}-{event['eventType']}-{event['job']['name']}.json"
        path.write_text(json.dumps(event, indent=2, ensure_ascii=False) + "\n")
    print(f"{len(lines)} events")


if __name__ == "__main__":
    record(Path(sys.argv[1]))
