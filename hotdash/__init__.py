"""A self-hosted dashboard for the Hot platform; the one place of its version."""

__version__ = "0.1.0"
