"""Who did what, when, with what outcome."""
