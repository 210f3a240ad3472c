"""The addresses of the embedded API: every route under `/v1` and under `/api/v1`."""

from django.urls import path, re_path

from hotdash.localapi.api import public, v1
from hotdash.localapi.description import views

urlpatterns = [
    re_path(r"^(?:api/)?v1/", v1.urls),
    path("openapi.json", views.show, name="document"),
    path("docs/api", views.place),
    path("docs/api/", views.page, name="page"),
    path("docs/api/page.css", views.style, name="style"),
    path("", public.urls),
]
handler400 = "hotdash.localapi.errors.malformed_request"
handler404 = "hotdash.localapi.errors.unknown_route"
handler500 = "hotdash.localapi.errors.server_error"
