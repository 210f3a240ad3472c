"""What every room may use; knows no room and no model."""
