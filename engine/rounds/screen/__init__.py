"""Screening of a round and its history: what is worth a second look, and what to inspect first. Nothing here changes a verdict."""
