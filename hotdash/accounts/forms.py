"""allauth's forms, as our templates show them."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordKeyForm, SignupForm
from django import forms


class _Labelled:
    """Fields without a placeholder: one that repeats the label vanishes while one types."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "input"


class SignIn(_Labelled, LoginForm):
    """E-mail and password."""


class SignUp(_Labelled, SignupForm):
    """E-mail and password of a new account."""


class SetPassword(_Labelled, ResetPasswordKeyForm):
    """A new password, typed twice."""
