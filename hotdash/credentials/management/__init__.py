"""What the operator does with stored keys."""
