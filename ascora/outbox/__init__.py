"""What the books must hear of: recorded with the change, in the change's own transaction."""
