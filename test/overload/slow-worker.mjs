/** Of each second a slowed worker runs so long. */
const periodMs = 1000

/**
 * Stops processes for most of each second, as a machine does that has far too much to do. What they hold stays with them: the stops are
 * much shorter than a worker may be silent.
 */
export function slowDown(pids, { runsMs }) {
  let pause
  const run = () => {
    signalAll(pids, 'SIGCONT')
    pause = setTimeout(() => signalAll(pids, 'SIGSTOP'), runsMs)
  }
  run()
  const timer = setInterval(run, periodMs)
  return {
    end() {
      clearInterval(timer)
      clearTimeout(pause)
      signalAll(pids, 'SIGCONT')
    },
  }
}

function signalAll(pids, signal) {
  for (const pid of pids) process.kill(pid, signal)
}
