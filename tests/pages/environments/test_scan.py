"""Nobody learns from the form which ports are open behind an address that is refused."""

import socket
from collections.abc import Iterator

import pytest

from hotdash.gateway import known, pool
from tests.cast import Cast
from tests.pages.environments.a_new_environment import FORM, NEW
from tests.reading import said


@pytest.fixture
def public_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The gateway as it really is, allowed to call public addresses alone."""
    monkeypatch.setenv("HOTDASH_UPSTREAMS", "public")
    pool.close_pool()
    known.forget_all()
    yield
    pool.close_pool()
    known.forget_all()


def answer(cast: Cast, port: int) -> tuple[int, str]:
    """Return what the form says of a port of this machine, the port's own number left out."""
    typed = FORM | {"base_url": f"http://127.0.0.1:{port}"}
    response = cast.browser(cast.adam).post(NEW, typed)
    return response.status_code, said(response).replace(str(port), "PORT")


def test_an_open_and_a_closed_port_behind_it_get_equal_answers_and_no_visit(
    cast: Cast, public_only: None
) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        port = int(listener.getsockname()[1])
        at_open = answer(cast, port)
        with pytest.raises(TimeoutError):
            listener.accept()
    at_closed = answer(cast, port)
    assert at_open == at_closed
    assert at_open[0] == 422
    assert "add http://127.0.0.1:PORT to HOTDASH_UPSTREAMS" in at_open[1]


@pytest.mark.parametrize("host", ["169.254.169.254", "[fd00:ec2::254]", "100.100.100.200"])
def test_an_address_that_never_may_be_called_names_no_entry_to_add(
    cast: Cast, public_only: None, host: str
) -> None:
    response = cast.browser(cast.adam).post(NEW, FORM | {"base_url": f"http://{host}"})
    assert response.status_code == 422
    assert "see HOTDASH_UPSTREAMS" in said(response)
