"""The way in: from the bare address to the overview of an environment."""
