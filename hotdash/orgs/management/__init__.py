"""What the operator decides about organizations."""
