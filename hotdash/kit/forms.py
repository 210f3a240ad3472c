"""What every form of hotdash has in common, and the fields that more than one of them has."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict
from django.http import HttpResponse

from hotdash.gateway.base_url import BadBaseUrl, parse_base_url
from hotdash.gateway.secret import Secret


def focus(fields: dict[str, forms.Field], name: str) -> None:
    """Have the cursor stand in one of the fields and in no other."""
    for field in fields.values():
        field.widget.attrs.pop("autofocus", None)
    fields[name].widget.attrs["autofocus"] = True


class AtFault:
    """Beside a form: when it is shown again, the cursor stands in the first field at fault."""

    fields: dict[str, forms.Field]
    errors: ErrorDict

    def add_error(self, field: str | None, error: Any) -> None:
        """Note what is wrong, and where."""
        super().add_error(field, error)  # type: ignore[misc]  # the form's own
        seen = (name for name, shown in self.fields.items() if not shown.widget.is_hidden)
        if at_fault := next((name for name in seen if name in self.errors), None):
            focus(self.fields, at_fault)


class Form(AtFault, forms.Form):
    """A form whose fields look alike; what was typed is kept, but for secrets."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", "input")


class Again:
    """Beside a view of allauth's: a form that is shown again, with what is wrong, answers 422."""

    def form_invalid(self, form: forms.BaseForm) -> HttpResponse:
        """Show the form again."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]  # the view's own
        response.status_code = 422
        return response


class KeyField(forms.CharField):
    """An API key: typed unseen, never shown again, and a Secret from the first moment."""

    def __init__(self, **kwargs: Any) -> None:
        shape = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
        super().__init__(
            max_length=1024,
            label="Your API key",
            help_text="It is tried before it is stored, sealed, and used for you alone.",
            widget=shape,
            **kwargs,
        )

    def clean(self, value: Any) -> Secret:
        """Return the key; a message of a failure holds nothing of it."""
        return Secret(super().clean(value))


class SlugField(forms.CharField):
    """How the addresses of something begin; script proposes it while the name is typed."""

    def __init__(self, **kwargs: Any) -> None:
        hints = {"class": "input mono", "autocomplete": "off", "data-follows-name": ""}
        super().__init__(
            max_length=40,
            label="Short name",
            help_text="Its addresses hold it: small letters, digits and hyphens. "
            "It cannot be changed later.",
            widget=forms.TextInput(attrs=hints),
            **kwargs,
        )


class BaseUrlField(forms.CharField):
    """The address of a Hot API; cleaned, it is (origin, prefix)."""

    def __init__(self, **kwargs: Any) -> None:
        hints = {"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}
        shape = forms.TextInput(attrs=hints)
        super().__init__(max_length=500, widget=shape, **kwargs)

    def clean(self, value: Any) -> tuple[str, str]:
        """Return origin and prefix; raise ValidationError with the sentence of the rule."""
        try:
            return parse_base_url(super().clean(value))
        except BadBaseUrl as error:
            raise ValidationError(str(error)) from None
