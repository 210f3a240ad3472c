"""Links with which the operator lets a person in."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.urls import reverse

from hotdash.accounts.models import User
from hotdash.host import places


def first_sign_in_link(person: User) -> str:
    """Return a link that sets a password: an hour long, once, and dead when one is set."""
    path = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(person),
            "key": default_token_generator.make_token(person),
        },
    )
    return places.dashboard_origin() + path
