"""Home and reports."""
