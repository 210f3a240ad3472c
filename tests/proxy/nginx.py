"""Debian's nginx with the configuration that the documentation gives."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.proxy.front import Front, certify, documented, serving

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


@contextmanager
def nginx(http_port: int, https_port: int, dashboard_port: int) -> Iterator[Front]:
    """Run nginx in front of a dashboard; skip, with the remedy, where it is not installed."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    if program is None:
        pytest.skip(_INSTALL)
    with tempfile.TemporaryDirectory(prefix="hotdash-nginx-") as name:
        folder = Path(name)
        certify(folder)
        places = {
            "listen 80;": f"listen 127.0.0.1:{http_port};",
            "listen 443 ssl;": f"listen 127.0.0.1:{https_port} ssl;",
            "server_name hot.example;": "server_name localhost;",
            "/etc/ssl/certs/hot.example.pem": f"{folder}/certificate",
            "/etc/ssl/private/hot.example.key": f"{folder}/key",
            "127.0.0.1:4680": f"127.0.0.1:{dashboard_port}",
        }
        server = documented("nginx", places)
        (folder / "nginx.conf").write_text(_AROUND.format(folder=folder, server=server))
        command = [program, "-p", name, "-c", f"{name}/nginx.conf", "-e", "stderr"]
        with serving(folder, command, http_port, https_port) as front:
            yield front
