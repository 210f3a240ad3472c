"""Making another organization."""
