"""The operator key: what makes environments and keys, in a file of its own (0600)."""

import re
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from hotdash.host.environment import MissingSetting
from hotdash.host.keyring import generated
from hotdash.localapi.credentials.auth import hash_of, new_secret, token_of
from hotdash.localapi.models import ApiKey
from hotdash.localapi.models.ids import new_id
from hotdash.localapi.runtime import identity

_NAME = "operator"  # of older releases, which knew one data directory to a database
_TOKEN = re.compile(r"hot_([0-9a-f]{32})_([0-9a-f]{64})")


def ensure() -> Path:
    """Make the file and the row agree, whichever is missing; return the file's path.

    The file is the original: a database that is new learns its key, and any older one of this data
    directory is revoked. Each machine has a data directory, and so a key, of its own. Raises
    MissingSetting for a file that holds none.
    """
    data = Path(settings.DATA_DIR)
    path, name = data / "operator-key", f"{_NAME} {identity.place_of(data)}"
    token = generated(path, _fresh, "The operator key", may_generate=True)
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise MissingSetting(f"{path} holds no key. Delete it: the next start makes another.")
    key_id, digest = UUID(match[1]), hash_of(match[2])
    with transaction.atomic():
        operators = ApiKey.objects.filter(environment=None, name__in=[name, _NAME])
        operators.exclude(key_id=key_id).update(revoked_at=timezone.now())
        ApiKey.objects.update_or_create(
            key_id=key_id, defaults={"name": name, "hash": digest, "revoked_at": None}
        )
    return path


def _fresh() -> str:
    return token_of(new_id(), new_secret())
