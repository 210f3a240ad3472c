"""The file in which the first start leaves the first owner's link."""

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from hotdash.accounts import FIRST_SIGN_IN


def forget_first_sign_in(person: AbstractBaseUser) -> None:
    """Delete the file if it holds this person's link: the account is claimed."""
    file = settings.DATA_DIR / FIRST_SIGN_IN
    try:
        is_theirs = f"/{user_pk_to_url_str(person)}-" in file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    if is_theirs:
        file.unlink(missing_ok=True)
