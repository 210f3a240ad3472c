"""Short bodies, read before a thread is taken: whoever sends slowly keeps none of the few.

One that comes in chunks gets the length that it did not announce.
"""

from hotdash.host.lifespan import Message, Receive, Scope

_LONGEST = 1024 * 1024


def is_long(scope: Scope) -> bool:
    """Return whether the body is announced to be longer than what is read ahead."""
    length = dict(scope["headers"]).get(b"content-length", b"")
    return length.isdigit() and int(length[:20]) > _LONGEST


async def read_ahead(scope: Scope, receive: Receive) -> tuple[Scope, Receive]:
    """Return the request with its body at hand; of one that turns out longer, its beginning.

    Raises ConnectionResetError where the body breaks off.
    """
    body = bytearray()
    is_more = True
    while is_more and len(body) <= _LONGEST:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ConnectionResetError
        body += message.get("body", b"")
        is_more = message.get("more_body", False)
    at_hand: list[Message] = [
        {"type": "http.request", "body": bytes(body), "more_body": is_more},
    ]

    async def again() -> Message:
        return at_hand.pop() if at_hand else await receive()

    return (scope if is_more else _measured(scope, len(body))), again


def _measured(scope: Scope, length: int) -> Scope:
    headers = [field for field in scope["headers"] if field[0] != b"transfer-encoding"]
    if len(headers) == len(scope["headers"]):
        return scope
    return {**scope, "headers": [*headers, (b"content-length", str(length).encode())]}
