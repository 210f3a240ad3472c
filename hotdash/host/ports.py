"""Ports before and after a server has them: free to take, and answering."""

import errno
import http.client
import socket

from hotdash.host import environment
from hotdash.host.environment import MissingSetting

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  where such a listener is asked


def require_free(owner: str, host_variable: str, port_variable: str) -> None:
    """Raise MissingSetting, naming the port and how to change it, if it cannot be listened on."""
    host, port = environment.text(host_variable), environment.number(port_variable)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        # as gunicorn does: connections that are still closing are no reason to wait
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OverflowError:
            raise MissingSetting(f"{port_variable} is {port}; a port is at most 65,535.") from None
        except OSError as error:
            cure = (
                f"Stop what uses it, or choose another port: {port_variable}={port + 10} make run"
            )
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                cure = f"Choose an address of this machine: {host_variable}=127.0.0.1 make run"
            raise MissingSetting(
                f"{owner} cannot listen on {host}, port {port}: {error.strerror}.\n{cure}"
            ) from None


def require_apart(prefix: str, other: str) -> None:
    """Raise MissingSetting if two servers, named by the prefix of their variables, share a port."""
    port, taken = environment.number(f"{prefix}_PORT"), environment.number(f"{other}_PORT")
    same_host = environment.text(f"{prefix}_HOST") == environment.text(f"{other}_HOST")
    if port == taken and same_host:
        raise MissingSetting(
            f"{prefix}_PORT and {other}_PORT are both {port}.\n"
            f"Choose another port: {other}_PORT={port + 1} make run"
        )


def is_answering(host: str, port: int, path: str, *, as_host: str) -> bool:
    """Return whether a GET of that path, for that Host, is answered by 200; blocks two seconds."""
    connection = http.client.HTTPConnection(_EVERYWHERE.get(host, host), port, timeout=2)
    try:
        connection.request("GET", path, headers={"Host": as_host})
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
