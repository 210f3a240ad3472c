"""Which addresses are called: judged by the connection itself, whatever the name looked like."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import pytest

from hotdash.gateway import pool
from hotdash.gateway.addresses import Policy, current_policy, parse_policy
from hotdash.gateway.backend import look_up
from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import NoAnswer, NotAllowed
from hotdash.gateway.networks import kind_of, read_address
from hotdash.gateway.secret import Secret
from hotdash.gateway.transport import GuardedTransport
from hotdash.gateway.upstream import Gateway, Upstream
from hotdash.host.environment import MissingSetting
from tests.gateway.servers import answer, serving
from tests.sockets import free_port

PUBLIC_ONLY = parse_policy(("public",))
ENVIRONMENT = answer(
    b'{"data": {"env_id": "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59", "name": "development"}}'
)


class Refusing(httpcore.NetworkBackend):
    """Stands where connections are dialled, and only notes where to."""

    def __init__(self) -> None:
        self.dialled: list[str] = []

    def connect_tcp(self, host: str, *_: Any, **__: Any) -> httpcore.NetworkStream:
        self.dialled.append(host)
        raise httpcore.ConnectError("not by this test")


@contextmanager
def guarded(
    policy: Policy,
    *names: list[str],
    embedded: Policy | None = None,
    dialler: httpcore.NetworkBackend | None = None,
) -> Iterator[None]:
    """Calls go through the real transport; each look-up of a name takes the next of `names`."""
    answers = iter(names)
    resolver = (lambda *_: next(answers)) if names else look_up
    transport = GuardedTransport(policy, embedded or Policy(), resolver, dialler)
    with pool.use_transport(transport):
        yield


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::127.0.0.1]",
        "10.0.0.1",
        "169.254.169.254",
    ],
)
def test_no_spelling_of_an_inner_address_is_called(host: str) -> None:
    with serving(ENVIRONMENT) as server, guarded(PUBLIC_ONLY):
        with pytest.raises(NotAllowed):
            get_environment(server.gateway(host))
        assert server.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "localhost"])
def test_the_same_addresses_are_called_where_loopback_is_listed(host: str) -> None:
    with serving(ENVIRONMENT) as server, guarded(parse_policy(("loopback",))):
        assert get_environment(server.gateway(host)).name == "development"


def test_a_name_that_changes_its_answer_is_judged_at_each_connection() -> None:
    listed = parse_policy(("public", "10.0.0.0/8"))
    dialler = Refusing()
    with guarded(listed, ["93.184.215.14"], ["127.0.0.1"], dialler=dialler):
        gateway = Gateway(Upstream("env", "https://rebind.test", "/v1"), Secret("hot_key"), "mia")
        with pytest.raises(NoAnswer):
            get_environment(gateway)
        with pytest.raises(NotAllowed):
            get_environment(gateway)
    assert dialler.dialled == ["93.184.215.14"]


def test_one_bad_address_among_good_ones_condemns_the_name() -> None:
    dialler = Refusing()
    mixed = Gateway(Upstream("env", "https://mixed.test", "/v1"), Secret("hot_key"), "mia")
    names = ["93.184.215.14", "127.0.0.1"]
    with guarded(PUBLIC_ONLY, names, dialler=dialler), pytest.raises(NotAllowed):
        get_environment(mixed)
    assert dialler.dialled == []


def test_a_listed_origin_is_called_wherever_it_lies() -> None:
    with serving(ENVIRONMENT) as server:
        listed = parse_policy((f"http://hot:{server.port}",))
        with guarded(listed, ["127.0.0.1"], ["127.0.0.1"]):
            assert get_environment(server.gateway("hot")).name == "development"
            with pytest.raises(NotAllowed):
                get_environment(server.gateway("warm"))


def test_a_listed_range_holds_for_its_port_alone() -> None:
    with (
        serving(ENVIRONMENT) as server,
        serving(ENVIRONMENT) as other,
        guarded(parse_policy((f"127.0.0.0/8:{server.port}",))),
    ):
        assert get_environment(server.gateway()).name == "development"
        with pytest.raises(NotAllowed):
            get_environment(other.gateway())


def test_the_embedded_api_is_called_by_embedded_environments_alone() -> None:
    with serving(ENVIRONMENT) as server:
        embedded = Policy(origins=frozenset({("http", "127.0.0.1", server.port)}))
        with guarded(PUBLIC_ONLY, embedded=embedded):
            assert get_environment(server.gateway(is_embedded=True)).name == "development"
            with pytest.raises(NotAllowed):
                get_environment(server.gateway())


def test_an_embedded_environment_calls_nothing_but_the_embedded_api() -> None:
    with serving(ENVIRONMENT) as server, guarded(parse_policy(("loopback",))):
        with pytest.raises(NotAllowed):
            get_environment(server.gateway(is_embedded=True))
        assert server.connections == 0


def test_plain_http_to_a_public_address_needs_an_entry_of_its_own() -> None:
    public = read_address("93.184.215.14")
    PUBLIC_ONLY.judge(("https", "hot.example", 443), public)
    with pytest.raises(NotAllowed) as caught:
        PUBLIC_ONLY.judge(("http", "hot.example", 80), public)
    assert caught.value.entry == "http://hot.example:80"
    parse_policy(("http://hot.example",)).judge(("http", "hot.example", 80), public)


def test_a_refusal_names_the_variable_and_the_entry_to_add() -> None:
    with guarded(PUBLIC_ONLY), pytest.raises(NotAllowed) as caught:
        get_environment(
            Gateway(Upstream("e", "http://10.1.2.3:4681", "/v1"), Secret("hot_key"), "mia")
        )
    refusal = caught.value
    assert (refusal.variable, refusal.entry) == ("HOTDASH_UPSTREAMS", "http://10.1.2.3:4681")
    assert refusal.entry is not None
    parse_policy((refusal.entry,)).judge(("http", "10.1.2.3", 4681), read_address("10.1.2.3"))


def test_open_and_closed_ports_behind_a_refused_address_answer_alike() -> None:
    with serving(ENVIRONMENT) as server, guarded(PUBLIC_ONLY):
        said = []
        for port in (server.port, free_port()):
            gateway = Gateway(
                Upstream("e", f"http://127.0.0.1:{port}", "/v1"), Secret("hot_key"), "mia"
            )
            with pytest.raises(NotAllowed) as caught:
                get_environment(gateway)
            said.append(repr(caught.value) + str(caught.value.entry).replace(str(port), "PORT"))
        assert said[0] == said[1]
        assert server.connections == 0


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("127.255.255.254", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("10.255.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("fd12::1", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("::127.0.0.1", "special"),
        ("64:ff9b::7f00:1", "special"),
        ("64:ff9b:1::1", "special"),
        ("2002:7f00:1::", "special"),
        ("2001::1", "special"),
        ("fec0::1", "special"),
        ("2001:db8::1", "special"),
        ("198.18.0.1", "special"),
        ("4000::1", "special"),
        ("0.1.2.3", "never"),
        ("::", "never"),
        ("169.254.169.254", "never"),
        ("::ffff:169.254.169.254", "never"),
        ("fe80::1%eth0", "never"),
        ("fd00:ec2::254", "never"),
        ("100.100.100.200", "never"),
        ("168.63.129.16", "never"),
        ("192.0.0.192", "never"),
        ("224.0.0.1", "never"),
        ("ff02::1", "never"),
        ("240.0.0.1", "never"),
        ("255.255.255.255", "never"),
        ("1.1.1.1", "public"),
        ("172.32.0.1", "public"),
        ("100.128.0.1", "public"),
        ("2606:4700::1111", "public"),
    ],
)
def test_every_address_has_its_kind(text: str, kind: str) -> None:
    assert kind_of(read_address(text)) == kind


@pytest.mark.parametrize("text", ["169.254.169.254", "fd00:ec2::254", "168.63.129.16", "::"])
def test_what_never_may_be_called_is_refused_though_listed(text: str) -> None:
    address = read_address(text)
    everything = parse_policy(("0.0.0.0/0:80", "::/0:80", "http://meta.test", "private"))
    with pytest.raises(NotAllowed) as caught:
        everything.judge(("http", "meta.test", 80), address)
    assert caught.value.entry is None


@pytest.mark.parametrize(
    "entry", ["pubic", "10.0.0.0/40", "10.0.0.1", "ftp://x", "https://h/v1", "10.0.0.0/8:x", "/"]
)
def test_an_entry_that_is_none_is_named(entry: str) -> None:
    with pytest.raises(MissingSetting, match="HOTDASH_UPSTREAMS") as caught:
        parse_policy((entry,))
    assert repr(entry) in str(caught.value)


def test_unset_only_a_machine_of_ones_own_may_call_inner_addresses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("HOTDASH_UPSTREAMS", raising=False)
    monkeypatch.delenv("HOTDASH_PUBLIC_URL", raising=False)
    assert current_policy().words == {"public", "private", "loopback"}
    monkeypatch.setenv("HOTDASH_PUBLIC_URL", "https://hotdash.example")
    assert current_policy().words == {"public"}
    monkeypatch.setenv("HOTDASH_UPSTREAMS", "public, http://hot:4681")
    assert current_policy().origins == {("http", "hot", 4681)}
