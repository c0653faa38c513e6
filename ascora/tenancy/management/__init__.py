"""Commands of people and organizations."""
