"""Time-ordered ids, as the Hot API gives them (contract 1.5)."""

from hotdash.host.ids import new_id

__all__ = ["new_id"]
