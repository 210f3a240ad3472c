"""The only door to the Hot API."""
