"""The demonstration: one connected business with a past, one that is not connected yet."""
