"""What kind of place an address is, by hotdash's own list: Python's differs between versions."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Literal

Address = IPv4Address | IPv6Address
Kind = Literal["never", "loopback", "private", "special", "public"]

_NEVER = (
    "0.0.0.0/8",  # this host: connects to loopback
    "169.254.0.0/16",  # link-local, and the metadata service of most clouds
    "100.100.100.200/32",  # metadata, Alibaba
    "168.63.129.16/32",  # metadata, Azure
    "192.0.0.192/32",  # metadata, Oracle
    "224.0.0.0/4",
    "240.0.0.0/4",
    "::/128",
    "fe80::/10",
    "fd00:ec2::254/128",  # metadata, AWS
    "ff00::/8",
)
_LOOPBACK = ("127.0.0.0/8", "::1/128")
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
_SPECIAL = (  # translations to other addresses, documentation, benchmarks
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "::/96",
    "::ffff:0:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "fec0::/10",
)
_GLOBAL_UNICAST = ip_network("2000::/3")
_KINDS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("never", _NEVER),
    ("loopback", _LOOPBACK),
    ("private", _PRIVATE),
    ("special", _SPECIAL),
)
_NETWORKS = tuple((kind, ip_network(text)) for kind, texts in _KINDS for text in texts)


def read_address(text: str) -> Address:
    """Return an address without its zone, an IPv4-mapped one as IPv4; raises ValueError."""
    address = ip_address(text.partition("%")[0])
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def kind_of(address: Address) -> Kind:
    """Return the first kind that the address falls under, the worst first."""
    for kind, network in _NETWORKS:
        if address.version == network.version and address in network:
            return kind
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST:
        return "special"  # not given out to anyone
    return "public"
