"""The addresses of the embedded API: every route under `/v1` and under `/api/v1`."""

from django.urls import path, re_path

from hotdash.localapi import document
from hotdash.localapi.api import public, v1

urlpatterns = [
    re_path(r"^(?:api/)?v1/", v1.urls),
    path("openapi.json", document.show, name="document"),
    path("", public.urls),
]
handler400 = "hotdash.localapi.errors.malformed_request"
handler404 = "hotdash.localapi.errors.unknown_route"
handler500 = "hotdash.localapi.errors.server_error"
