"""A person's own key to an environment."""
