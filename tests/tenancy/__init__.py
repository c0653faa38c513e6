"""People, organizations and the walls between them."""
