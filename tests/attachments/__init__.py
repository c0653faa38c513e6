"""Files on documents."""
