"""What the DNS says, asked of a name server of this test's own."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from hotdash.localapi.domains.cname import Busy, Unanswered, cname_of

NAME = "_hotdash.api.example.com"


@contextmanager
def name_server(*, target: str = "", rcode: dns.rcode.Rcode = dns.rcode.NOERROR) -> Iterator[int]:
    """Answer one question on a port of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(30)

        def answer() -> None:
            wire, asker = server.recvfrom(4096)
            response = dns.message.make_response(dns.message.from_wire(wire))
            response.flags |= dns.flags.RA
            response.set_rcode(rcode)
            if target:
                response.answer.append(dns.rrset.from_text(f"{NAME}.", 60, "IN", "CNAME", target))
            server.sendto(response.to_wire(), asker)

        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(10)


def asking(port: int) -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = port
    return resolver


def test_the_target_is_told_in_lower_case_without_its_dot() -> None:
    with name_server(target="ABC.validation.invalid.") as port:
        assert cname_of(NAME, asking(port)) == "abc.validation.invalid"


@pytest.mark.parametrize("rcode", [dns.rcode.NOERROR, dns.rcode.NXDOMAIN])
def test_a_name_without_the_record_has_no_target(rcode: dns.rcode.Rcode) -> None:
    with name_server(rcode=rcode) as port:
        assert cname_of(NAME, asking(port)) is None


def test_a_server_that_refuses_is_no_answer() -> None:
    with name_server(rcode=dns.rcode.REFUSED) as port, pytest.raises(Unanswered):
        cname_of(NAME, asking(port))


def test_a_machine_without_name_servers_says_so() -> None:
    with pytest.raises(Unanswered):
        cname_of(NAME, dns.resolver.Resolver(configure=False))


class Nested(dns.resolver.Resolver):
    """Asks for another name before it answers, again and again."""

    def resolve(self, *_args: Any, **_how: Any) -> Any:
        return cname_of(NAME, self)


def test_only_so_many_names_are_asked_for_at_once() -> None:
    with pytest.raises(Busy):
        cname_of(NAME, Nested(configure=False))
    for _ in range(3):  # and whoever is refused holds up nobody
        with name_server(target="abc.validation.invalid.") as port:
            assert cname_of(NAME, asking(port)) == "abc.validation.invalid"
