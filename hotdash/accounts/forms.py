"""allauth's forms, as our templates show them."""

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ReauthenticateForm,
    ResetPasswordKeyForm,
    SignupForm,
)

from hotdash.kit.forms import AtFault, focus

_HINT = "At least 10 characters."


class _Labelled(AtFault):
    """Fields without a placeholder: one that repeats the label vanishes while one types.

    The cursor stands in the first: these pages are for nothing but their form.
    """

    hints: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs["class"] = "input"
            field.help_text = self.hints.get(name, "")
        focus(self.fields, next(iter(self.fields)))


class SignIn(_Labelled, LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def mark_refused(self) -> None:
        """Point at the password for what is said of both: it is what one types again."""
        described = {"aria-invalid": "true", "aria-describedby": "id_password_error"}
        self.fields["password"].widget.attrs |= described
        focus(self.fields, "password")


class SignUp(_Labelled, SignupForm):
    """E-mail and password of a new account."""

    hints = {"password1": _HINT}


class SetPassword(_Labelled, ResetPasswordKeyForm):
    """A new password, typed twice."""

    hints = {"password1": _HINT}


class SamePassword(_Labelled, ReauthenticateForm):
    """The password once more, before something dangerous."""


class NewPassword(_Labelled, ChangePasswordForm):
    """The password as it is, and another, typed twice."""

    hints = {"password1": _HINT}
