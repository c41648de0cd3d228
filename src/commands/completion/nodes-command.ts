/** The hidden command that completion scripts ask for ids. */
export const nodesCommand = 'complete-nodes'
