"""What is done about files now and then: expire uploads, remove what nobody needs."""

import time
from datetime import timedelta

from django.utils import timezone

from hotdash.localapi import contents
from hotdash.localapi.archives import storage
from hotdash.localapi.errors import Refused
from hotdash.localapi.files import multipart, parts
from hotdash.localapi.models import Upload

_REMEMBERED = timedelta(days=7)
_MINUTE = 60


def tidy() -> None:
    """Abort uploads that expired, and remove contents, parts and rows that nothing refers to.

    Meant to be called every minute: each call looks at some of the contents.
    """
    now = timezone.now()
    for upload in Upload.objects.filter(status="pending", expires_at__lt=now):
        _abort(upload)
    Upload.objects.exclude(status="pending").filter(expires_at__lt=now - _REMEMBERED).delete()
    _remove_strays()
    minute = int(time.time() // _MINUTE)
    contents.collect(minute)
    contents.sweep(minute)
    storage.clear_abandoned()


def _abort(upload: Upload) -> None:
    try:
        multipart.abort(upload)
    except Refused:
        return  # somebody else was faster


def _remove_strays() -> None:
    found = parts.on_disk()
    pending = set(
        Upload.objects.filter(pk__in=found, status="pending").values_list("upload_id", flat=True)
    )
    for upload_id in found.keys() - pending:
        parts.remove_all(upload_id)
