"""What an honest handler does goes on working while its runs are isolated."""

import datetime
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.localapi.runtime.shop import Shop, result

BUILD = {
    "honest.py": """
import asyncio, multiprocessing, os, socket, sqlite3, ssl, subprocess, sys, tempfile, threading

import helper

def temporary_files():
    with tempfile.TemporaryDirectory() as folder, tempfile.NamedTemporaryFile() as file:
        file.write(b"x")
        os.makedirs(os.path.join(folder, "a/b"))
        os.rename(file.name, os.path.join(folder, "a/b/moved"))
        open(file.name, "w").close()  # its own end deletes it
        return sorted(os.listdir(os.path.join(folder, "a/b")))

def database():
    with sqlite3.connect("own.sqlite3") as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.execute("INSERT INTO t VALUES (7)")
        return connection.execute("SELECT x FROM t").fetchone()[0]

def programs():
    script = "#!/bin/sh\\necho written\\n"
    with open("script", "w") as file:
        file.write(script)
    os.chmod("script", 0o700)
    commands = (["/bin/echo", "system"], [sys.executable, "-c", "print('python')"], ["./script"])
    return [subprocess.check_output(command, text=True).strip() for command in commands]

def processes():
    ours, theirs = multiprocessing.get_context("fork").Pipe()
    process = multiprocessing.get_context("fork").Process(target=theirs.send, args=(["hello"],))
    process.start()
    process.join()
    return ours.recv()

def threads():
    found = []
    thread = threading.Thread(target=lambda: found.append(threading.get_native_id()))
    thread.start()
    thread.join()
    return len(found)

async def loops():
    return await asyncio.to_thread(os.path.basename, "a/b")

def of_its_build():
    return helper.TEXT, open(os.path.join(os.path.dirname(__file__), "helper.py")).read(6)

def of_itself():
    return os.path.basename(os.readlink("/proc/self")) == str(os.getpid()), os.cpu_count() > 0

def random_and_null():
    with open("/dev/null", "w") as null, open("/dev/urandom", "rb") as source:
        return null.write("x"), len(source.read(8))

def imports_late():
    import wave, zoneinfo
    return str(zoneinfo.ZoneInfo("Europe/Zurich")), wave.__name__

def names():
    return sorted({entry[4][0] for entry in socket.getaddrinfo("localhost", 80)})

def authorities():
    return len(ssl.create_default_context().get_ca_certs()) >= 0

def speaks_tls(port, pem):
    context = ssl.create_default_context(cadata=pem)
    with socket.create_connection(("localhost", port), timeout=5) as plain:
        with context.wrap_socket(plain, server_hostname="localhost") as connection:
            return connection.recv(5).decode()
""",
    "helper.py": 'TEXT = "imported"\n',
}


@pytest.fixture
def honest(deployed: Shop, stored: None) -> Shop:
    return deployed


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("temporary-files", ["moved"]),
        ("database", 7),
        ("programs", ["system", "python", "written"]),
        ("processes", ["hello"]),
        ("threads", 1),
        ("loops", "b"),
        ("of-its-build", ["imported", "TEXT ="]),
        ("of-itself", [True, True]),
        ("random-and-null", [1, 8]),
        ("imports-late", ["Europe/Zurich", "wave"]),
        ("authorities", True),
    ],
)
def test_it_may(honest: Shop, function: str, expected: object) -> None:
    assert result(honest.call(f"::honest/{function}")) == expected


def test_it_may_look_up_names(honest: Shop) -> None:
    assert "127.0.0.1" in result(honest.call("::honest/names"))


def test_it_may_speak_tls(honest: Shop, tmp_path: Path) -> None:
    with tls_server(tmp_path) as (port, pem):
        assert result(honest.call("::honest/speaks-tls", port, pem)) == "hello"


@contextmanager
def tls_server(folder: Path) -> Iterator[tuple[int, str]]:
    """Greet whoever connects by TLS to localhost; give the port and the certificate."""
    pem = certificate(folder / "both.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def greet() -> None:
            plain, _ = listening.accept()
            with context.wrap_socket(plain, server_side=True) as connection:
                connection.sendall(b"hello")

        thread = threading.Thread(target=greet)
        thread.start()
        yield listening.getsockname()[1], pem
        thread.join()


def certificate(path: Path) -> str:
    """Write a key with its certificate for localhost; return the certificate."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + pem)
    return pem.decode()
