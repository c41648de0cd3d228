import { setTimeout as sleep } from 'node:timers/promises'
import { QueueUnavailable } from '../../../src/queue/queue-errors.ts'
import { createAnswerDeadline, ReceiverBusy } from '../../../src/receive/answer-deadline.ts'
import { acceptAll, anEventText, send, sendEvent, startReceiver, type TestReceiver } from './receiver.ts'

const answerMsMax = 300
const endless = new Promise<never>(() => undefined)

/** Keeps this process from everything else, as a body of tens of megabytes does. */
function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

function acceptSlowly() {
  block(answerMsMax)
  return acceptAll()
}

const begin = () => createAnswerDeadline({ endedAt: performance.now(), answerMsMax })

describe('an answer that is due', () => {
  it('is not waited for where the work is done', async () => {
    expect(await begin().wait(Promise.resolve('done'))).toBe('done')
  })

  it('names the step that took so long', async () => {
    const deadline = begin()
    deadline.reach('compressed')

    await expect(deadline.wait(endless)).rejects.toThrow(
      new ReceiverBusy('The event was not compressed within 300 ms.'),
    )
  })

  it('names the step of that moment, whatever was done later', async () => {
    const deadline = begin()
    block(answerMsMax)
    deadline.reach('queued')

    await expect(deadline.wait(endless)).rejects.toThrow('The event was not checked within 300 ms.')
  })

  it('is missed by the queue where nothing else took so long', async () => {
    const deadline = begin()
    deadline.reach('queued')

    await expect(deadline.wait(endless)).rejects.toThrow(QueueUnavailable)
  })

  it('is not missed by a queue that nobody could hear', async () => {
    const deadline = begin()
    deadline.reach('queued')
    const waiting = deadline.wait(endless)
    block(answerMsMax + 150)

    await expect(waiting).rejects.toThrow(new ReceiverBusy('The receiver was held up by other events.'))
  })

  it('lets through why the queue refused', async () => {
    const deadline = begin()
    deadline.reach('queued')
    const refusal = new QueueUnavailable('connection refused')

    await expect(deadline.wait(Promise.reject(refusal))).rejects.toBe(refusal)
  })
})

describe('a receiver that takes too long to check', () => {
  let receiver: TestReceiver

  afterEach(async () => {
    await receiver.close()
  })

  it('answers 503 and says so, and queues the event all the same', async () => {
    receiver = await startReceiver({ answerMsMax, validate: acceptSlowly, add: () => sleep(50) })

    const answer = await sendEvent(receiver.port, anEventText)
    while (receiver.queued.length === 0) await sleep(10)

    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.json.type).toBe('/problems/receiver-busy')
    expect(answer.json.detail).toContain('was not checked within 300 ms')
    expect(answer.text).not.toContain('Redis')
    expect(receiver.queued).toHaveLength(1)
    const warning = receiver.logged.map((line) => JSON.parse(line)).find(({ level }) => level === 40)
    expect(warning).toMatchObject({
      msg: 'events refused',
      cause: 'The event was not checked within 300 ms.',
    })
  })

  it('answers a batch 503 likewise, and queues none of it', async () => {
    receiver = await startReceiver({ batchAnswerMsMax: answerMsMax, validate: acceptSlowly })

    const answer = await send({
      port: receiver.port,
      path: '/api/v1/lineage/batch',
      headers: { 'Content-Type': 'application/json' },
      body: `[${anEventText}]`,
    })

    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
    expect(answer.json.type).toBe('/problems/receiver-busy')
    expect(answer.json.detail).toContain('none is queued')
    expect(receiver.queued).toEqual([])
  })
})
