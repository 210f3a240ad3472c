"""The routes of the embedded API, one module per noun."""
