"""Screens of the engine."""
