"""Who asks, where, and whether they may."""
