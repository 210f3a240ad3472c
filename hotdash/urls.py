"""Every address of the dashboard; fixed words come before the names of organizations."""

from django.urls import include, path

urlpatterns = [
    path("", include("hotdash.pages.health.urls")),
    path("accounts/", include("hotdash.pages.signin.urls")),
    path("account/", include("hotdash.pages.profile.urls")),
    path("organizations/", include("hotdash.pages.organizations.urls")),
    path("<slug:org>/settings/audit/", include("hotdash.pages.audit_log.urls")),
    path("<slug:org>/settings/environments/", include("hotdash.pages.environments.urls")),
    path("<slug:org>/settings/environments/<slug:env>/key/", include("hotdash.pages.keys.urls")),
    path("live/", include("hotdash.live.urls")),
    path("<slug:org>/<slug:env>/", include("hotdash.pages.overview.urls")),
    path("<slug:org>/<slug:env>/", include("hotdash.pages.runs.urls")),
    path("<slug:org>/<slug:env>/", include("hotdash.pages.events.urls")),
    path("", include("hotdash.pages.home.urls")),
]

handler400 = "hotdash.kit.error_pages.bad_request"
handler403 = "hotdash.kit.error_pages.forbidden"
handler404 = "hotdash.kit.error_pages.not_found"
handler429 = "hotdash.pages.signin.views.too_many"  # allauth asks for it by this name
handler500 = "hotdash.kit.error_pages.server_error"
