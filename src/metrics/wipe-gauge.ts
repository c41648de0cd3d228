import { Gauge, type Registry } from 'prom-client'

/** When Redis was last found wiped, as the graph remembers it; given the seconds since 1970, 0 for never. */
export function createWipeGauge(registry: Registry): (seconds: number) => void {
  const gauge = new Gauge({
    name: 'headwater_queue_wiped_timestamp_seconds',
    help: 'When Redis was last found to have lost the queue, in seconds since 1970; 0 for never.',
    registers: [registry],
  })
  gauge.set(0)
  return (seconds) => gauge.set(seconds)
}
