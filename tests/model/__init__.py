"""Exhaustive models of what the engine promises."""
