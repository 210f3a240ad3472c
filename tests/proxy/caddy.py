"""Debian's Caddy with the configuration that the documentation gives."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.proxy.front import Front, certify, documented, serving

_INSTALL = "caddy is missing: sudo apt install caddy"
# what no machine of an operator needs: another port for http, no administration, no certificate
# fetched from elsewhere
_AROUND = """{{
    admin off
    http_port {http_port}
}}
{site}
"""


@contextmanager
def caddy(http_port: int, https_port: int, dashboard_port: int) -> Iterator[Front]:
    """Run Caddy in front of a dashboard; skip, with the remedy, where it is not installed."""
    program = shutil.which("caddy", path="/usr/bin")
    if program is None:
        pytest.skip(_INSTALL)
    with tempfile.TemporaryDirectory(prefix="hotdash-caddy-") as name:
        folder = Path(name)
        certify(folder)
        tls = f"tls {name}/certificate {name}/key"
        named = f"https://localhost:{https_port} {{\n    {tls}"
        places = {"hot.example {": named, "127.0.0.1:4680": f"127.0.0.1:{dashboard_port}"}
        site = documented("Caddy", places)
        (folder / "Caddyfile").write_text(_AROUND.format(http_port=http_port, site=site))
        homes = {"HOME": name, "XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}
        command = [program, "run", "--config", f"{name}/Caddyfile", "--adapter", "caddyfile"]
        with serving(folder, command, http_port, https_port, homes) as front:
            yield front
