"""What the DNS says a name is another name for."""

from pathlib import Path
from threading import BoundedSemaphore

import dns.exception
import dns.resolver

from hotdash.host import environment

_SECONDS = 5.0
# each holds a thread that others wait for, however slow the name servers of a name are made to be
_MOST_AT_ONCE = 2
_ASKING = BoundedSemaphore(_MOST_AT_ONCE)


class Busy(Exception):
    """The DNS is being asked for others at the moment."""


class Unanswered(Exception):
    """The DNS could not be asked; its text says why."""


def cname_of(name: str, resolver: dns.resolver.Resolver | None = None) -> str | None:
    """Return the target of the name's CNAME record, None if it has none; raise Unanswered or Busy.

    Where HOTDASH_API_DNS_FILE names a file, its lines `name target` are the answers.
    """
    path = environment.text("HOTDASH_API_DNS_FILE")
    if not _ASKING.acquire(blocking=False):
        raise Busy
    try:
        target = _written(Path(path), name) if path else _asked(name, resolver)
    finally:
        _ASKING.release()
    return target and target.rstrip(".").lower()


def _written(path: Path, name: str) -> str | None:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise Unanswered(f"HOTDASH_API_DNS_FILE cannot be read: {error.strerror}") from None
    answers = dict(line.split() for line in lines if len(line.split()) == 2)
    return answers.get(name)


def _asked(name: str, resolver: dns.resolver.Resolver | None) -> str | None:
    try:
        asking = resolver or dns.resolver.Resolver()
        answer = asking.resolve(name, "CNAME", lifetime=_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return None
    except dns.exception.Timeout:
        raise Unanswered(f"no name server answered within {_SECONDS:.0f} seconds") from None
    except dns.exception.DNSException as error:
        raise Unanswered(str(error)) from None
    return str(answer[0].target)
