import { createHash } from 'node:crypto'
import type { Collector } from './collector.ts'

/** The id that an event of this text has. */
export function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Posts events one by one, each of which has to be taken. */
export async function postTexts(collector: Collector, texts: readonly string[]): Promise<void> {
  for (const text of texts) expect((await collector.post(text)).status).toBe(201)
}

/** Posts events and waits until they are in the graph. */
export async function sendTexts(collector: Collector, texts: readonly string[]): Promise<void> {
  await postTexts(collector, texts)
  await collector.merged(texts.map(idOf))
}
