"""What the operator does on the command line."""
