/** As short as a busy machine allows, so that tests need not wait long for a worker that ended. */
export const stallLimits = { lockMs: 2000, stalledCheckMs: 500, stallsMax: 1 }
