"""Context variables: sealed at rest, and sealed anew."""
