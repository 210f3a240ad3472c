"""The table of routes, and what is promised of each line of it."""
