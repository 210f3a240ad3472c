"""gunicorn as hotdash runs it: one process, its own worker, its own log, no control socket."""

from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.util import import_app

from hotdash.host import environment, process

# the supervisor allows four seconds from TERM to KILL
_GRACEFUL_SECONDS = 3


def serve(application: str, host: str, port: int) -> None:
    """Serve the ASGI application named `module:attribute` until SIGTERM; never returns before.

    SIGINT is gunicorn's quick end, without a word to open streams: stop this by SIGTERM.
    """
    process.harden()
    process.give_back_large_blocks()
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    _Server(application, address).run()


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn configured in code: neither its command line nor its files are read."""

    def __init__(self, application: str, address: str) -> None:
        self._application = application
        self._address = address
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in self._settings().items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Import the application, in the worker."""
        return import_app(self._application)

    def _settings(self) -> dict[str, Any]:
        proxies = environment.number("HOTDASH_TRUSTED_PROXIES")
        return {
            "bind": self._address,
            "workers": 1,
            "worker_class": "hotdash.host.gunicorn_worker.Worker",
            "logger_class": "hotdash.host.serving.Silence",
            "graceful_timeout": _GRACEFUL_SECONDS,
            "limit_request_line": 8190,  # what is too long for a page is told so by the page
            "keepalive": 75,  # longer than a proxy's 60 s: the proxy closes first
            "asgi_lifespan": "on",
            "asgi_loop": "asyncio",
            "http_parser": "python",  # the C parser pulls in gunicorn 26, which hangs on keep-alive
            "control_socket_disable": True,
            "forwarded_allow_ips": "*" if proxies else "",  # its default trusts 127.0.0.1
        }


class Silence(Logger):  # type: ignore[misc]  # gunicorn is untyped
    """gunicorn's words through the root logger, and no access log: it would write paths."""

    def setup(self, cfg: Any) -> None:
        """Let records propagate to the handlers that the settings configured."""
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.propagate = True
        self.error_log.setLevel("WARNING")

    def reopen_files(self) -> None:
        """Do nothing: no file is open."""
