"""Signing in with e-mail and password."""

import pytest
from django.urls import reverse

from tests.cast import PASSWORD

LOGIN = "/accounts/login/"


@pytest.fixture
def mia(cast):
    cast.mia.set_password(PASSWORD)
    cast.mia.save()
    return cast.mia


def sign_in(client, email="mia@example.test", password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def test_the_right_password_leads_home_and_on_to_the_runs(cast, mia, client):
    response = sign_in(client)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.get("/")["Location"] == "/acme/"
    assert client.get("/acme/")["Location"] == reverse("runs:index", args=["acme", "development"])
