"""Which texts are names of custom domains (contract 5.13)."""

import re

from hotdash.localapi.errors import Refused

_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
# a name has 253 characters at most, and the record that proves it stands one label deeper
PROOF_LABEL = "_hotdash"
LONGEST = 253 - len(PROOF_LABEL) - 1

_PART = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# the same, for the document of the API; what it says in words is said below
NAME = rf"^(?:{_PART}\.)+(?![0-9]+$){_PART}$"


def checked_name(text: str) -> str:
    """Return a domain's name in lower case; raise 400 saying what is wrong with it."""
    reason = _wrong(text)
    if reason:
        raise Refused(400, f"The domain {reason}. Send a name such as api.example.com.")
    return text.lower()


def _wrong(name: str) -> str:
    labels = name.lower().split(".")
    for is_so, reason in (
        # before it is written in lower case: some letters become those of a-z there
        (not name.isascii(), "holds letters outside of a-z: write them in Punycode, xn--…"),
        ("/" in name, "is an address: leave out the scheme and the path"),
        (len(name) > LONGEST, f"is longer than {LONGEST} characters"),
        (len(labels) < 2, "has no dot"),
        (labels[0] == "*", "is a wildcard"),
        (not labels[-1], "ends with a dot"),
        (labels[-1].isdigit(), "is an IP address"),
    ):
        if is_so:
            return reason
    wrong = next((label for label in labels if not _LABEL.fullmatch(label)), None)
    if wrong is None:
        return ""
    return (
        f"has the part {wrong[:63]!r}, but parts are 1 to 63 of a-z, 0-9 and -, and neither "
        "begin nor end with -"
    )
