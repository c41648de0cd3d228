import { toExpectation } from '../generate/manifest.mjs'
import { toParameters } from '../generate/parameters.mjs'
import { createWarehouse } from '../generate/warehouse.mjs'
import { warehouseTexts } from '../generate/warehouse-events.mjs'
import { writeEventFile } from './event-file.mjs'

/** The events of a warehouse in a file, as `{ file, events, bytes }`. Its prefix is its seed too: the ids of runs follow from the seed. */
export function writeWarehouse(dir, said) {
  return writeEventFile(dir, `${said.prefix}warehouse-${said.firstRun ?? 0}`, toWarehouseTexts(said))
}

/** The same events as texts. */
export function toWarehouseTexts(said) {
  return warehouseTexts(createWarehouse(toParameters({ seed: said.prefix, ...said })))
}

/** What the graph holds after the first `runsPerJob` runs of a warehouse, in one load or in several. */
export function expectWarehouse(said) {
  const parameters = toParameters({ seed: said.prefix, ...said })
  const expect = toExpectation(createWarehouse(parameters))
  return {
    ...expect,
    readRuns: expect.inputEdges * parameters.runsPerJob,
    datasetVersions: expect.outputEdges * parameters.runsPerJob,
    events: expect.runs * 2,
  }
}
