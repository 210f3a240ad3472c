"""Who did what in an organization, when, and what came of it."""
