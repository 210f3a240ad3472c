"""A proxy as its visitors meet it: two ports, and a certificate that they trust."""

import ssl
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.household import ROOT
from tests.sockets import can_connect, wait_for


@dataclass(frozen=True)
class Front:
    """Where the proxy listens, and what its visitors trust."""

    http_port: int
    https_port: int
    trust: ssl.SSLContext


@contextmanager
def serving(
    folder: Path,
    command: Sequence[str],
    http_port: int,
    https_port: int,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Front]:
    """Run a proxy with the certificate of a folder until the end."""
    running = subprocess.Popen(command, env=environment)
    try:
        wait_for(lambda: can_connect("127.0.0.1", https_port))
        trust = ssl.create_default_context(cafile=str(folder / "certificate"))
        yield Front(http_port, https_port, trust)
    finally:
        running.terminate()
        running.wait()


def documented(heading: str, places: Mapping[str, str]) -> str:
    """Return the block that operators are told to copy, with the places of a test in it."""
    text = (ROOT / "docs" / "behind-a-proxy.md").read_text(encoding="utf-8")
    block = text.partition(f"## {heading}\n")[2].split("```")[1].partition("\n")[2]
    for theirs, ours in places.items():
        assert block.count(theirs) == 1, f"the documented configuration has no {theirs}"
        block = block.replace(theirs, ours)
    return block


def certify(folder: Path) -> None:
    """Write a key and a certificate of localhost that nobody trusts but who is told to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate").write_bytes(certificate.public_bytes(pem))
    (folder / "key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
