"""Whether the dashboard is alive, and whether it is ready."""
