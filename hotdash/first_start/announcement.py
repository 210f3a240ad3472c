"""The block of text that says where to go once everything is up."""

import textwrap

from hotdash.accounts import FIRST_SIGN_IN
from hotdash.host import environment, isolation, places

_WIDTH = 100


def text() -> str:
    """Return the addresses and, while no owner has a password, the link that claims the account."""
    lines = [
        "hotdash is up.",
        "",
        f"    {places.dashboard_origin()}/   the dashboard",
        f"    {places.embedded_origin()}/v1   the embedded Hot API",
        "",
        *_claim(),
        *textwrap.wrap(isolation.in_force(environment.data_dir()).sentence, _WIDTH),
        f"Everything is kept in {environment.data_dir()}. Ctrl-C stops it.",
    ]
    rule = "-" * max(len(line) for line in lines)
    return "\n".join(["", rule, *lines, rule, "", ""])


def _claim() -> list[str]:
    path = environment.data_dir() / FIRST_SIGN_IN
    if not path.exists():
        return []
    link, email = path.read_text(encoding="utf-8").splitlines()
    return [
        "Choose a password here; the link works once, within an hour:",
        "",
        f"    {link}",
        "",
        f"From then on you sign in as {email}.",
        "",
    ]
