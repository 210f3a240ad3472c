"""The first start: tables, assets, the first owner and organization, and a sample that runs."""


class CannotStart(Exception):
    """A step of the start failed; its text says which and why."""
