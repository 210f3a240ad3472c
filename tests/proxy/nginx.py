"""Debian's nginx with the configuration that the documentation gives."""

import re
import shutil
import ssl
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.household import ROOT
from tests.sockets import can_connect, wait_for

_INSTALL = "nginx is missing: sudo apt install nginx-light"
# what stands around a server block on every machine; all that it writes goes into one folder
_AROUND = """
daemon off; master_process off; pid {folder}/pid; error_log stderr;
events {{}}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  {server}
}}
"""


@dataclass(frozen=True)
class Front:
    """Where the proxy listens, and what its visitors trust."""

    http_port: int
    https_port: int
    trust: ssl.SSLContext


@contextmanager
def nginx(http_port: int, https_port: int, dashboard_port: int) -> Iterator[Front]:
    """Run nginx in front of a dashboard; skip, with the remedy, where it is not installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip(_INSTALL)
    with tempfile.TemporaryDirectory(prefix="hotdash-nginx-") as name:
        folder = Path(name)
        certify(folder)
        server = documented()
        for ours, theirs in {
            "listen 80;": f"listen 127.0.0.1:{http_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{https_port} ssl;",
            "server_name hot.example;": "server_name localhost;",
            "/etc/ssl/certs/hot.example.pem": f"{folder}/certificate",
            "/etc/ssl/private/hot.example.key": f"{folder}/key",
            "127.0.0.1:4680": f"127.0.0.1:{dashboard_port}",
        }.items():
            assert server.count(ours) == 1, f"the documented configuration has no {ours}"
            server = server.replace(ours, theirs)
        (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, server=server))
        command = [program, "-p", name, "-c", f"{name}/nginx.conf", "-e", "stderr"]
        running = subprocess.Popen(command)
        try:
            wait_for(lambda: can_connect("127.0.0.1", https_port))
            trust = ssl.create_default_context(cafile=f"{name}/certificate")
            yield Front(http_port, https_port, trust)
        finally:
            running.terminate()
            running.wait()


def documented() -> str:
    """Return the server block that operators are told to copy."""
    text = (ROOT / "docs" / "behind-a-proxy.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```nginx\n(.*?)```", text, flags=re.DOTALL)
    return str(block)


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
