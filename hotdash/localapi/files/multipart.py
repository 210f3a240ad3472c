"""Uploads in parts: begun, received in any order, completed or aborted (contract 5.8).

Whatever moment the server dies in: what it answered for is on disk, and the upload goes on.
"""

import math
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from hotdash.localapi import contents
from hotdash.localapi.contents import Draft
from hotdash.localapi.errors import Refused, not_found
from hotdash.localapi.files import keeping, limits, parts
from hotdash.localapi.files.limits import MIB, check_disk, check_quota
from hotdash.localapi.models import Environment, File, Part, Upload

MOST_PART_BYTES = 256 * MIB
_LEAST_PART_BYTES = 5 * MIB
_PART_BYTES = 64 * MIB
_MOST_PARTS = 10_000
_MOST_UNANNOUNCED = 256 * MIB
_MOST_PENDING = 16
_KEPT = timedelta(hours=24)


def begin(target: keeping.Target, expected_size: int | None) -> Upload:
    """Return a pending upload; raise 409 or 413 where there is no room for it."""
    most = limits.most_bytes()
    if expected_size and expected_size > most:
        raise limits.too_large(most)
    check_quota(target.env_id, target.path, expected_size or 0)
    check_disk(expected_size or 0)
    with transaction.atomic():
        # the row lock makes two callers at once take turns on Postgres, as SQLite does anyway
        Environment.objects.select_for_update(no_key=True).get(pk=target.env_id)
        _check_pending_of(target.env_id)
        now = timezone.now()
        return Upload.objects.create(
            environment_id=target.env_id,
            path=target.path,
            content_type=target.content_type,
            expected_size=expected_size,
            most_bytes=expected_size or min(most, _MOST_UNANNOUNCED),
            part_size=max(_PART_BYTES, math.ceil((expected_size or 0) / _MOST_PARTS)),
            created_at=now,
            expires_at=now + _KEPT,
        )


def parts_expected(upload: Upload) -> int | None:
    """Return how many parts an upload of announced size has."""
    if upload.expected_size is None:
        return None
    return math.ceil(upload.expected_size / upload.part_size)


def check_number(number: int) -> None:
    """Raise 400 for a part number that no upload has."""
    if not 1 <= number <= _MOST_PARTS:
        raise Refused(400, f"Parts are numbered from 1 to {_MOST_PARTS:,}.")


def too_large(most: int) -> Refused:
    """Return the refusal of a part that is larger than it may be."""
    return Refused(413, f"A part is larger than {most / MIB:,.6g} MiB.", "part_too_large")


def check_part(upload: Upload, number: int, size: int | None) -> int:
    """Return how large this part may be; raise what the contract says, in its order.

    `size` None: not known before the body was read.
    """
    expected = parts_expected(upload)
    is_inner = expected is not None and number < expected
    if is_inner and size is not None and size < _LEAST_PART_BYTES:
        raise Refused(400, "Only the last part may be smaller than 5 MiB.", "part_too_small")
    check_pending(upload)
    if expected is not None and number > expected:
        raise Refused(400, f"This upload has {expected} parts.")
    most = min(upload.part_size, MOST_PART_BYTES)
    if size is not None and size > most:
        raise too_large(most)
    return most


def check_pending(upload: Upload) -> None:
    """Raise 409 for an upload that takes nothing any more."""
    if upload.status != "pending":
        raise Refused(409, f"This upload is {upload.status}.", "upload_not_pending")
    if upload.expires_at <= timezone.now():
        raise Refused(409, "This upload has expired: begin it anew.", "upload_not_pending")


def receive(upload: Upload, number: int, draft: Draft) -> Part:
    """Return a part that was received; sent again, it takes the place of the former one."""
    draft.seal()
    name = parts.place(upload.upload_id, number, draft)
    try:
        part, former = _recorded(upload, Part(number=number, size=draft.size, md5=draft.md5), name)
    except BaseException:
        parts.remove(upload.upload_id, name)
        raise
    if former is not None:
        parts.remove(upload.upload_id, former)
    return part


def complete(upload: Upload) -> File:
    """Return the file that the parts make; raise 409 while they do not make it."""
    check_pending(upload)
    received = _parts_of(upload)
    _check_whole(upload, received)
    size = sum(part.size for part in received)
    check_quota(upload.environment_id, upload.path, size)
    check_disk(size)
    with contents.draft() as draft:
        try:
            for part in received:
                for chunk in parts.chunks(part):
                    draft.write(chunk)
        except parts.Replaced:
            raise _changed() from None
        draft.seal()
        file = _completed(upload, received, draft)
    parts.remove_all(upload.upload_id)
    return file


def abort(upload: Upload) -> None:
    """Give an upload up, with what has arrived of it; raise 409 where it is over."""
    with transaction.atomic():
        locked = _locked(upload)
        if locked.status != "pending":
            raise Refused(409, f"This upload is {locked.status}.", "upload_not_pending")
        _end(locked, "aborted")
    parts.remove_all(upload.upload_id)


def _check_pending_of(env_id: UUID) -> None:
    pending = Upload.objects.filter(environment_id=env_id, status="pending")
    if pending.filter(expires_at__gt=timezone.now()).count() >= _MOST_PENDING:
        raise Refused(
            409,
            f"{_MOST_PENDING} uploads of this environment are pending: complete or abort one.",
            "upload_limit_exceeded",
        )


def _recorded(upload: Upload, part: Part, name: str) -> tuple[Part, str | None]:
    with transaction.atomic():
        locked = _locked(upload)
        check_pending(locked)
        others = Part.objects.filter(upload=upload).exclude(number=part.number)
        held: int = others.aggregate(size=Sum("size"))["size"] or 0
        if held + part.size > locked.most_bytes:
            raise Refused(
                413,
                f"The parts are larger than {locked.most_bytes:,} bytes together.",
                "payload_too_large",
            )
        former = Part.objects.filter(upload=upload, number=part.number).first()
        facts = {"size": part.size, "md5": part.md5, "name": name}
        row, _ = Part.objects.update_or_create(upload=upload, number=part.number, defaults=facts)
    return row, former.name if former else None


def _check_whole(upload: Upload, received: Sequence[Part]) -> None:
    expected = parts_expected(upload)
    size = sum(part.size for part in received)
    if not received or (expected is not None and len(received) != expected):
        wanted = "at least 1" if expected is None else f"{expected}"
        raise Refused(409, f"{len(received)} parts are here, not {wanted}.", "upload_incomplete")
    if upload.expected_size is not None and size != upload.expected_size:
        raise Refused(
            409,
            f"{size:,} bytes are here, {upload.expected_size:,} were announced.",
            "upload_incomplete",
        )


def _completed(upload: Upload, received: Sequence[Part], draft: Draft) -> File:
    with transaction.atomic():
        locked = _locked(upload)
        check_pending(locked)
        if [part.name for part in _parts_of(upload)] != [part.name for part in received]:
            raise _changed()
        target = keeping.Target(upload.environment_id, upload.path, upload.content_type)
        file = keeping.put(target, draft)
        _end(locked, "completed")
    return file


def _end(upload: Upload, status: str) -> None:
    upload.status = status
    upload.save(update_fields=["status"])
    Part.objects.filter(upload=upload).delete()


def _locked(upload: Upload) -> Upload:
    row = Upload.objects.select_for_update().filter(pk=upload.pk).first()
    if row is None:
        raise not_found("Upload")
    return row


def _parts_of(upload: Upload) -> list[Part]:
    return list(Part.objects.filter(upload=upload).order_by("number"))


def _changed() -> Refused:
    return Refused(409, "A part arrived meanwhile: complete it again.", "upload_incomplete")
