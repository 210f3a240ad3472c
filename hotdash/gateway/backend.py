"""Makes the connections: resolves once, judges every address, dials a judged one.

The guard sits here and not in a form, since a name can answer differently each time it is asked.
The pool's key and TLS keep the host's name; only the dialled address is ours.
"""

import socket
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from functools import partial
from threading import Thread
from typing import Any

import httpcore

from hotdash.gateway import deadline
from hotdash.gateway.addresses import Policy

Resolver = Callable[[str, int], list[str]]


class GuardedBackend(httpcore.NetworkBackend):
    """Connects only where the policy lets this scheme; raises NotAllowed before a packet leaves."""

    def __init__(
        self, scheme: str, policy: Policy, resolver: Resolver, dialler: httpcore.NetworkBackend
    ) -> None:
        self._scheme = scheme
        self._policy = policy
        self._resolver = resolver
        self._dialler = dialler

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first judged address that answers."""
        with deadline.within(deadline.remaining(timeout)):
            addresses = resolved(self._resolver, host, port)
            self._policy.judge_name((self._scheme, host, port), addresses)
            dial = partial(
                self._dialler.connect_tcp,
                port=port,
                local_address=local_address,
                socket_options=socket_options,
            )
            return TimedStream(first_to_answer(addresses, dial))


def first_to_answer(
    addresses: list[str], dial: Callable[..., httpcore.NetworkStream]
) -> httpcore.NetworkStream:
    """Return a stream to the first address that takes the connection; raises the last's error."""
    failed: Exception = httpcore.ConnectTimeout("no time left")
    for address in addresses:
        left = deadline.remaining(None)
        if left <= 0:
            break
        try:
            return dial(address, timeout=left)
        except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
            failed = error
    raise failed


class TimedStream(httpcore.NetworkStream):
    """A stream whose waits end with the call's deadline: a byte a second is not an answer."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has come; raises ReadTimeout at the deadline."""
        left = deadline.remaining(timeout)
        if left <= 0:
            raise httpcore.ReadTimeout
        return self._stream.read(max_bytes, left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send the bytes; raises WriteTimeout at the deadline."""
        left = deadline.remaining(timeout)
        if left <= 0:
            raise httpcore.WriteTimeout
        self._stream.write(buffer, left)

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Return the stream under TLS, its waits ending with the deadline too."""
        left = deadline.remaining(timeout)
        if left <= 0:
            raise httpcore.ConnectTimeout
        return TimedStream(self._stream.start_tls(ssl_context, server_hostname, left))

    def get_extra_info(self, info: str) -> Any:
        """Return what the stream underneath tells."""
        return self._stream.get_extra_info(info)


def look_up(host: str, port: int) -> list[str]:
    """Return all addresses of a host as the system resolves it, odd spellings of IPv4 included."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def looking_up(resolver: Resolver, host: str, port: int) -> "Future[list[str]]":
    """Begin to look a host up; the answer may be an OSError or a UnicodeError.

    It cannot be interrupted, so a slow one is left behind on a thread of its own.
    """
    answer: Future[list[str]] = Future()
    answer.set_running_or_notify_cancel()  # whoever waits no longer cannot cancel it either
    Thread(target=_answer, args=(answer, resolver, host, port), daemon=True).start()
    return answer


def resolved(resolver: Resolver, host: str, port: int) -> list[str]:
    """Return a host's addresses within the deadline; raises ConnectError or ConnectTimeout."""
    answer = looking_up(resolver, host, port)
    try:
        addresses = answer.result(timeout=min(deadline.remaining(None), 60.0))
    except TimeoutError:
        raise httpcore.ConnectTimeout("name look-up") from None
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError("name look-up") from error
    if not addresses:
        raise httpcore.ConnectError("no address")
    return addresses


def _answer(answer: "Future[list[str]]", resolver: Resolver, host: str, port: int) -> None:
    try:
        answer.set_result(resolver(host, port))
    except (OSError, UnicodeError) as error:
        answer.set_exception(error)
