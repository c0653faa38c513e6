"""Whole stories over real processes and real HTTP."""
