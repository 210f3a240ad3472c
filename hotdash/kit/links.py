"""Which addresses hotdash sends a person to, and which it only shows."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

LONGEST = 2000


def local_path(request: HttpRequest, wanted: str | None, otherwise: str = "/") -> str:
    """Return the wanted address if it leads to this server, else `otherwise`."""
    if (
        wanted
        and len(wanted) <= LONGEST
        and wanted.isprintable()
        and url_has_allowed_host_and_scheme(
            wanted, {request.get_host()}, require_https=request.is_secure()
        )
    ):
        return wanted
    return otherwise


def web_address(text: object) -> str:
    """Return outside text if it is an absolute http or https address, else nothing."""
    address = str(text)
    if not address.startswith(("http://", "https://")):  # nearly every text ends here
        return ""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.netloc and address.isprintable() and " " not in address else ""
