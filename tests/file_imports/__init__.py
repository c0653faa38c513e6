"""Names and supplies from a file."""
