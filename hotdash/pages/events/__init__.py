"""Events: what happened, what it set off, and publishing another."""
