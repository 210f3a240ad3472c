"""A ring of keys that seals short secrets: the first key seals, every key opens."""

import base64
import binascii
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hotdash.host import environment
from hotdash.host.environment import MissingSetting

_NONCE_BYTES = 12
_VERSION = b"hotdash-seal-1"


class CannotOpen(Exception):
    """A sealed value was made with a key that is gone, or for another place."""


@dataclass(frozen=True, repr=False)
class Ring:
    """Keys of 32 bytes by id, in order; never printed."""

    keys: tuple[tuple[str, bytes], ...]

    def seal(self, plain: bytes, bound_to: tuple[str, ...], derive: str = "") -> bytes:
        """Return `id 0x00 nonce ciphertext`; only the same `bound_to` and `derive` open it."""
        key_id, key = self.keys[0]
        nonce = os.urandom(_NONCE_BYTES)
        sealed = AESGCM(_derived(key, derive)).encrypt(nonce, plain, _associated(key_id, bound_to))
        return key_id.encode() + b"\0" + nonce + sealed

    def open(self, sealed: bytes, bound_to: tuple[str, ...], derive: str = "") -> bytes:
        """Return what was sealed; raise CannotOpen if the key or the place is another."""
        key_id, _, rest = sealed.partition(b"\0")
        key = dict(self.keys).get(key_id.decode(errors="replace"))
        if key is None:
            raise CannotOpen("It was sealed with a key that is not on the ring.")
        associated = _associated(key_id.decode(), bound_to)
        try:
            return AESGCM(_derived(key, derive)).decrypt(
                rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], associated
            )
        except (InvalidTag, ValueError):
            raise CannotOpen("It was sealed for another place, or was changed.") from None

    @property
    def first_id(self) -> str:
        """The id of the key that seals."""
        return self.keys[0][0]

    def seals_now(self, sealed: bytes) -> bool:
        """Return whether a sealed value was made with the key that seals now."""
        return sealed.partition(b"\0")[0] == self.first_id.encode()

    def mac(self, message: bytes, purpose: str, key_id: str) -> bytes:
        """Return the HMAC-SHA256 of a message by one key; raise CannotOpen if that key is gone."""
        key = dict(self.keys).get(key_id)
        if key is None:
            raise CannotOpen("It was signed with a key that is not on the ring.")
        return hmac.digest(_derived(key, purpose), message, "sha256")


def parse_ring(raw: str, name: str) -> Ring:
    """Return the ring written as `id:base64,id:base64`; raise MissingSetting with the name."""
    keys = []
    for part in filter(None, (part.strip() for part in raw.split(","))):
        key_id, _, encoded = part.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key) != 32:
            raise MissingSetting(f"{name} must be a list of id:key, each key 32 bytes in base64.")
        keys.append((key_id, key))
    if not keys:
        raise MissingSetting(f"{name} holds no key.")
    return Ring(tuple(keys))


def load_ring(name: str, path: Path, *, may_generate: bool) -> Ring:
    """Return the ring of a variable, or of a file made once (0600) where that is allowed."""
    raw = environment.text(name)
    if not raw:
        raw = generated(path, fresh_ring, name, may_generate=may_generate)
    return parse_ring(raw, name)


def load_secret(name: str, path: Path, *, may_generate: bool) -> str:
    """Return the secret text of a variable, or of a file made once (0600) where that is allowed."""
    return environment.text(name) or generated(
        path, lambda: secrets.token_urlsafe(48), name, may_generate=may_generate
    )


def generated(path: Path, make: Callable[[], str], name: str, *, may_generate: bool) -> str:
    """Return what the file holds, writing it first if it is missing; two starts agree on one."""
    if not path.exists():
        if not may_generate:
            raise MissingSetting(
                f"{name} is not set. With HOTDASH_PUBLIC_URL no secret is generated."
            )
        # written aside and linked: a second process never reads half a secret
        draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(make())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text(encoding="utf-8").strip()


def fresh_ring() -> str:
    """Return a ring of one new key, as it is written: `id:base64`."""
    return f"k{secrets.token_hex(3)}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _derived(key: bytes, purpose: str) -> bytes:
    if not purpose:
        return key
    return HKDF(SHA256(), length=32, salt=None, info=purpose.encode()).derive(key)


def _associated(key_id: str, bound_to: tuple[str, ...]) -> bytes:
    # length-prefixed, so that ("ab", "c") and ("a", "bc") differ
    parts = (_VERSION, key_id.encode(), *(part.encode() for part in bound_to))
    return b"".join(len(part).to_bytes(4) + part for part in parts)
