"""The chart of accounts as last read from the books; knows no provider."""
