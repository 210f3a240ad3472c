"""allauth's forms with our words and attributes."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordKeyForm, SignupForm


def _plain(form: Any) -> None:
    # the templates carry labels; a placeholder that repeats them vanishes while one types
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)
        field.widget.attrs["class"] = "input"


class SignIn(LoginForm):
    """E-mail and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class SignUp(SignupForm):
    """E-mail and password of a new account."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)


class SetPassword(ResetPasswordKeyForm):
    """A new password, typed twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _plain(self)
