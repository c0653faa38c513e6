"""The engine against books in memory, and against the simulator where it runs."""
