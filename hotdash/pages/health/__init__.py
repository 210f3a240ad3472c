"""Whether the dashboard answers."""
