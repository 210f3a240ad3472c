"""The embedded API while its disk is full, or its database away."""
