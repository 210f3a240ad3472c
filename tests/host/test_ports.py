"""Ports that are taken, and servers that do not answer."""

import socket
import threading

import pytest

from hotdash.host import ports
from hotdash.host.environment import MissingSetting
from tests.sockets import free_port


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setenv("HOTDASH_PORT", str(listener.getsockname()[1]))
        yield listener.getsockname()[1]


def test_a_busy_port_is_named_with_the_way_to_another(taken: int) -> None:
    with pytest.raises(MissingSetting) as refusal:
        ports.require_free("The dashboard", "HOTDASH_HOST", "HOTDASH_PORT")
    assert f"The dashboard cannot listen on 127.0.0.1, port {taken}" in str(refusal.value)
    assert f"HOTDASH_PORT={taken + 10} make run" in str(refusal.value)


def test_a_free_port_is_left_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTDASH_PORT", str(free_port()))
    ports.require_free("The dashboard", "HOTDASH_HOST", "HOTDASH_PORT")
    ports.require_free("The dashboard", "HOTDASH_HOST", "HOTDASH_PORT")


def test_an_address_of_another_machine_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTDASH_HOST", "203.0.113.7")
    with pytest.raises(MissingSetting, match=r"203\.0\.113\.7") as refusal:
        ports.require_free("The dashboard", "HOTDASH_HOST", "HOTDASH_PORT")
    assert "HOTDASH_HOST=127.0.0.1 make run" in str(refusal.value)


def test_a_port_beyond_the_last_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTDASH_PORT", "99999")
    with pytest.raises(MissingSetting, match="HOTDASH_PORT is 99999; a port is at most 65,535"):
        ports.require_free("The dashboard", "HOTDASH_HOST", "HOTDASH_PORT")


def test_two_servers_on_one_port_are_refused_before_either_starts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HOTDASH_PORT", "4700")
    monkeypatch.setenv("HOTDASH_API_PORT", "4700")
    with pytest.raises(MissingSetting, match="HOTDASH_PORT and HOTDASH_API_PORT are both 4700"):
        ports.require_apart("HOTDASH", "HOTDASH_API")
    monkeypatch.setenv("HOTDASH_API_HOST", "127.0.0.2")
    ports.require_apart("HOTDASH", "HOTDASH_API")


def test_a_port_without_a_listener_does_not_answer() -> None:
    assert not ports.is_answering("127.0.0.1", free_port(), "/", as_host="localhost")


def test_a_listener_that_says_something_else_than_http_does_not_answer() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def babble() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.sendall(b"220 mail ready\r\n")

        speaker = threading.Thread(target=babble)
        speaker.start()
        port = listener.getsockname()[1]
        assert not ports.is_answering("127.0.0.1", port, "/", as_host="localhost")
        speaker.join()
