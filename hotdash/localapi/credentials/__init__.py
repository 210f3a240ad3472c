"""Who may ask for what, and how often: keys, sessions, permissions, rates and seats."""
