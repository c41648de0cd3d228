import { pythonWith, runPython } from './python-venv.ts'

const packages = ['openlineage-python==1.54.0']

/** As many clients at a time as threads, each with its own connection and its own retries, as they are out of the box. */
const script = `
import json, logging, sys, threading, time
from datetime import datetime, timezone
from openlineage.client import OpenLineageClient
from openlineage.client.event_v2 import Job, Run, RunEvent, RunState
from openlineage.client.transport.http import HttpConfig, HttpTransport
from openlineage.client.uuid import generate_new_uuid

logging.disable(logging.CRITICAL)
url, namespace, clients, events, pause = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
emitted = []

def emit_all(number):
    client = OpenLineageClient(transport=HttpTransport(HttpConfig.from_dict({'type': 'http', 'url': url})))
    for _ in range(events):
        run_id = str(generate_new_uuid())
        event = RunEvent(
            eventType=RunState.START, eventTime=datetime.now(timezone.utc).isoformat(), run=Run(runId=run_id),
            job=Job(namespace=namespace, name='client-%d' % number), producer='https://example.com/emitter')
        started = time.monotonic()
        try:
            client.emit(event)
            error = None
        except Exception as raised:
            error = type(raised).__name__
        emitted.append({'runId': run_id, 'error': error, 'seconds': time.monotonic() - started})
        time.sleep(pause)

threads = [threading.Thread(target=emit_all, args=(number,)) for number in range(clients)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(json.dumps(emitted))
`

/** What one `emit` of the client came to. */
export interface Emitted {
  runId: string
  /** The class of what was raised; null where the client took it for sent. */
  error: string | null
  seconds: number
}

export interface Emitters {
  url: string
  namespace: string
  clients: number
  /** Of each client. */
  events: number
  /** Between two events of a client. */
  pauseSeconds?: number
}

/** Makes the virtual environment, where it is missing. */
export async function preparePython(): Promise<string> {
  return await pythonWith('openlineage', packages)
}

/** Emits events by OpenLineage's own client for Python. */
export async function emitFromPython(
  python: string,
  { url, namespace, clients, events, pauseSeconds = 0 }: Emitters,
): Promise<Emitted[]> {
  const args = [url, namespace, String(clients), String(events), String(pauseSeconds)]
  return (await runPython(python, script, args)) as Emitted[]
}
