"""Home and Reports: the only rooms that see every storey."""
