"""Which addresses may be called: the operator's list in HOTDASH_UPSTREAMS, and what never may."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

from hotdash.gateway.base_url import BadBaseUrl, parse_base_url, split_origin
from hotdash.gateway.errors import NotAllowed
from hotdash.gateway.networks import Address, kind_of, read_address
from hotdash.host import environment, places
from hotdash.host.environment import MissingSetting

VARIABLE = NotAllowed.variable
WORDS = frozenset({"public", "private", "loopback"})
RANGE_PORTS = frozenset({443, 4681})  # of a range that names no port

Origin = tuple[str, str, int]


@dataclass(frozen=True)
class Policy:
    """What the list allows: kinds of addresses, origins, and ranges with their ports."""

    words: frozenset[str] = frozenset()
    origins: frozenset[Origin] = frozenset()
    ranges: tuple[tuple[IPv4Network | IPv6Network, frozenset[int]], ...] = ()

    def judge_name(self, origin: Origin, addresses: Iterable[str]) -> None:
        """Judge each address of the origin's name: one bad among good ones condemns the name."""
        for address in addresses:
            self.judge(origin, read_address(address))

    def judge(self, origin: Origin, address: Address) -> None:
        """Raise NotAllowed, naming the entry to add, unless this origin may be at this address."""
        kind = kind_of(address)
        if kind == "never":
            raise NotAllowed(origin[1], None)
        if origin in self.origins or self._holds(address, origin[2]):
            return
        # a key over plain http across the internet needs an entry of its own
        if kind not in self.words or (kind == "public" and origin[0] == "http"):
            raise NotAllowed(origin[1], _written(origin))

    def _holds(self, address: Address, port: int) -> bool:
        return any(
            address.version == network.version and address in network and port in ports
            for network, ports in self.ranges
        )


def current_policy() -> Policy:
    """Return what the settings allow; raises MissingSetting for an entry that is none.

    Unset it is public, private and loopback while only this machine is served, else public.
    """
    entries = environment.words(VARIABLE)
    if not entries:
        entries = ("public",) if places.public_url() else ("public", "private", "loopback")
    return parse_policy(entries)


def embedded_policy() -> Policy:
    """Return what embedded environments may call: the embedded API's configured origin alone."""
    return Policy(origins=frozenset({split_origin(places.embedded_origin())}))


def parse_policy(entries: tuple[str, ...]) -> Policy:
    """Return the policy of a list of entries; raises MissingSetting naming the one it rejects."""
    words, origins, ranges = set(), set(), []
    for entry in entries:
        if entry in WORDS:
            words.add(entry)
        elif "://" in entry:
            origins.add(_origin(entry))
        else:
            ranges.append(_range(entry))
    return Policy(frozenset(words), frozenset(origins), tuple(ranges))


def _origin(entry: str) -> Origin:
    try:
        origin, prefix = parse_base_url(entry)
    except BadBaseUrl as error:
        raise MissingSetting(f"{VARIABLE} holds {entry!r}: {error}") from None
    if prefix:
        raise MissingSetting(f"{VARIABLE} holds {entry!r}: an entry ends with its host and port.")
    return split_origin(origin)


def _range(entry: str) -> tuple[IPv4Network | IPv6Network, frozenset[int]]:
    start, _, rest = entry.partition("/")
    length, has_port, port = rest.partition(":")
    try:
        network = ip_network(f"{start}/{length}" if rest else "")
        ports = frozenset({int(port)}) if has_port else RANGE_PORTS
    except ValueError:
        raise MissingSetting(
            f"{VARIABLE} holds {entry!r}, which is neither public, private, loopback, "
            "an origin such as https://hot.example, nor a range such as 10.20.0.0/16:4681."
        ) from None
    return network, ports


def _written(origin: Origin) -> str:
    scheme, host, port = origin
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
