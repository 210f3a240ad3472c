"""The sign-in addresses: those of allauth that have a template of ours, under allauth's names."""

from django.urls import path, re_path

from hotdash.pages.signin import views

# no namespace: allauth finds its own pages by these names
urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("confirm/", views.confirm, name="account_reauthenticate"),
    path("signup/", views.signup, name="account_signup"),
    path("password/reset/", views.reset, name="account_reset_password"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[0-9A-Za-z-]+)/$",
        views.claim,
        name="account_reset_password_from_key",
    ),
]
