"""What a person sees: one room per noun."""
