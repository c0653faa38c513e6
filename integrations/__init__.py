"""The engine between the domain and an accounting package: drafts go out, records come in."""
