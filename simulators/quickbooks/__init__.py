"""A QuickBooks Online to run against: its own process, its own SQLite file, its own arithmetic."""
