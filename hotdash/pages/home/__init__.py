"""The way in: from the bare address to the runs that a person is after."""
