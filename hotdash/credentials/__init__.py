"""Each person's own key to each environment's Hot API."""
