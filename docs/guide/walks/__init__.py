"""The guides, walked through in a browser as they are written."""
