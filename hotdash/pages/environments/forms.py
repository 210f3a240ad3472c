"""What is asked of a person who adds an environment or takes one to another address."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.conf import settings

from hotdash.credentials.connecting import Plan
from hotdash.kit.forms import BaseUrlField, Form, KeyField, SlugField
from hotdash.orgs.models import Kind
from hotdash.orgs.slugs import BadSlug, check_environment_slug

_OUR_OWN = "This is hotdash's own embedded API. Only the operator adds environments of it."


class _Addressed(Form):
    base_url = BaseUrlField(
        label="Base URL",
        help_text="Where the Hot API answers, such as https://hot.example.com. "
        "/v1 or /api/v1 may follow; without it hotdash finds out.",
    )

    def clean_base_url(self) -> tuple[str, str]:
        """Refuse the embedded API: its environments come with the right to run code."""
        origin, prefix = self.cleaned_data["base_url"]
        if origin == settings.EMBEDDED_ORIGIN:
            raise forms.ValidationError(_OUR_OWN)
        return origin, prefix


class NewEnvironment(_Addressed):
    """Where the API is, the person's own key to it, and what the environment is called here."""

    key = KeyField()
    name = forms.CharField(max_length=100, label="Name")
    slug = SlugField()
    kind = forms.ChoiceField(choices=Kind, label="It is for", initial=Kind.DEVELOPMENT)

    def __init__(self, *args: Any, taken: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._taken = taken

    def clean_slug(self) -> str:
        """Check the slug here too, so that one that cannot be had costs no trial."""
        slug: str = self.cleaned_data["slug"]
        try:
            check_environment_slug(slug)
        except BadSlug as error:
            raise forms.ValidationError(str(error)) from None
        if slug in self._taken:
            raise forms.ValidationError(f"“{slug}” is taken. Choose another.")
        return slug

    @property
    def plan(self) -> Plan:
        """The environment that is asked for, once the form is valid."""
        said = self.cleaned_data
        origin, prefix = said["base_url"]
        return Plan(said["slug"], said["name"], Kind(said["kind"]), origin, prefix)


class NewOrigin(_Addressed):
    """The new address, and how many keys the person agreed to destroy."""

    keys = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
