"""Over TLS the server is asked for by its name, whatever address was dialled."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from hotdash.gateway import pool
from hotdash.gateway.addresses import Policy, parse_policy
from hotdash.gateway.environments import get_environment
from hotdash.gateway.errors import NoAnswer
from hotdash.gateway.secret import Secret
from hotdash.gateway.transport import GuardedTransport
from hotdash.gateway.upstream import Gateway, Upstream
from tests.gateway.servers import answer

ENVIRONMENT = answer(b'{"data": {"env_id": "01a204e8-d8d8-72f2-9a6c-ba4271ff8c59", "name": "tls"}}')
HOST = "hot.test"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A key and a certificate for HOST that vouches for itself, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "hot.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def answering_once(certificate: Path, asked_for: list[str | None]) -> Iterator[int]:
    """A TLS server on loopback for one connection; gives its port and notes the name asked for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    listener = create_server(("127.0.0.1", 0))
    listener.settimeout(30)

    def converse() -> None:
        raw, _ = listener.accept()
        try:
            with context.wrap_socket(raw, server_side=True) as connection:
                connection.recv(65536)
                connection.sendall(ENVIRONMENT)
        except (OSError, ssl.SSLError):
            raw.close()  # the client did not trust the certificate

    serving = threading.Thread(target=converse)
    serving.start()
    try:
        yield listener.getsockname()[1]
    finally:
        serving.join()
        listener.close()


@contextmanager
def trusting(authorities: ssl.SSLContext | None) -> Iterator[None]:
    loopback = parse_policy(("loopback",))
    transport = GuardedTransport(loopback, Policy(), lambda *_: ["127.0.0.1"], tls=authorities)
    with pool.use_transport(transport):
        yield


def door(port: int, host: str) -> Gateway:
    return Gateway(Upstream("e", f"https://{host}:{port}", "/v1"), Secret("hot_key"), "mia")


def test_the_name_is_asked_for_and_not_the_address(certificate: Path) -> None:
    authorities = ssl.create_default_context(cafile=str(certificate))
    asked_for: list[str | None] = []
    with answering_once(certificate, asked_for) as port, trusting(authorities):
        assert get_environment(door(port, HOST)).name == "tls"
    assert asked_for == [HOST]


def test_a_certificate_for_another_name_is_not_accepted(certificate: Path) -> None:
    authorities = ssl.create_default_context(cafile=str(certificate))
    with (
        answering_once(certificate, []) as port,
        trusting(authorities),
        pytest.raises(NoAnswer) as caught,
    ):
        get_environment(door(port, "other.test"))
    assert caught.value.kind == "unreachable"


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(certificate: Path) -> None:
    with (
        answering_once(certificate, []) as port,
        trusting(None),
        pytest.raises(NoAnswer) as caught,
    ):
        get_environment(door(port, HOST))
    assert caught.value.kind == "unreachable"
