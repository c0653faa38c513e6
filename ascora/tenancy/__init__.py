"""Whose rows: people, organizations, and the three walls between organizations."""
