"""The environments of an organization: where each one's Hot API is and what it offers."""
