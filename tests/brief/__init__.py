"""The brief, row by row, each proved in the double-entry books of the simulator over HTTP."""
