"""Blobs: large values that were stored beside their payload (contract 5.9)."""

from uuid import UUID

from django.http.response import HttpResponseBase
from ninja import Router

from hotdash.localapi import contents, downloads
from hotdash.localapi.blobs import content_type_of
from hotdash.localapi.credentials.auth import Request
from hotdash.localapi.credentials.permissions import May
from hotdash.localapi.scope import blobs_of, the

router = Router(tags=["blobs"])


@router.get("/blobs/{blob_id}/download", auth=May("run:*", "read"))
def download(request: Request, blob_id: UUID) -> HttpResponseBase:
    """Return the bytes behind a BlobRef's `id`, or the range of them that is asked for."""
    blob = the(blobs_of(request.auth), blob_id, "Blob")
    served = downloads.Served.at(contents.path_of(blob.content_id), blob.content_id)
    return downloads.download(request, served, f"blob-{blob_id}", content_type_of(blob))
