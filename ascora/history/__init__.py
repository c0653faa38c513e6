"""Who changed which field of a name, from what to what: in Ascora, or in the books."""
