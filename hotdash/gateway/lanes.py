"""Connections by what they may reach, so that this is not lent to other requests by sharing."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import httpx

from hotdash.gateway.addresses import Policy

T = TypeVar("T")


class Lanes(Generic[T]):
    """The connections of plain http, of https, and of embedded environments."""

    def __init__(
        self, open_lane: Callable[[str, Policy], T], policy: Policy, embedded: Policy
    ) -> None:
        self._lanes = {
            "http": open_lane("http", policy),
            "https": open_lane("https", policy),
            "embedded": open_lane("http", embedded),
        }

    def of(self, request: httpx.Request) -> T:
        """Return the connections over which a request goes."""
        is_embedded = request.extensions.get("is_embedded", False)
        return self._lanes["embedded" if is_embedded else request.url.scheme]

    def all(self) -> Iterable[T]:
        """Return those of every lane."""
        return self._lanes.values()
