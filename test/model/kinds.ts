import type { DatasetEvent, JobEvent, LineageEvent, RunEvent } from '../../src/openlineage/events.ts'

export function isRunEvent(event: LineageEvent): event is RunEvent {
  return 'run' in event
}

export function isJobEvent(event: LineageEvent): event is JobEvent {
  return 'job' in event && !('run' in event)
}

export function isDatasetEvent(event: LineageEvent): event is DatasetEvent {
  return 'dataset' in event && !('run' in event)
}
