"""Drafts to payloads and answers to records. Pure: no request is made here."""
