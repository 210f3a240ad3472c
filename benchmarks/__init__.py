"""What is measured, one script per figure, each printing a table."""
