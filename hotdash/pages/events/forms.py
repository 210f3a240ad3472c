"""The form of an event to be published."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError

from hotdash.gateway.events import Event
from hotdash.kit.forms import Form
from hotdash.pages.events.sources import CALL, RESERVED, is_reserved
from hotdash.pages.events.typed_json import Mistake, parse

LONGEST_TYPE = 1024
EDITABLE_BYTES = 256 * 1024  # more than anybody edits in a browser, less than slows it down
_PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class JsonField(forms.CharField):
    """Typed JSON; cleaned, it is the value."""

    def __init__(self, **kwargs: Any) -> None:
        shape = forms.Textarea(attrs=_PLAIN | {"class": "input mono", "rows": 12})
        super().__init__(strip=False, required=False, widget=shape, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the value; raise ValidationError with the line and column of a mistake."""
        try:
            return parse(super().clean(value).replace("\r\n", "\n"))
        except Mistake as error:
            raise ValidationError(str(error)) from None


class StreamField(forms.CharField):
    """The id of a stream, or nothing; cleaned, it is a UUID or None."""

    def __init__(self, **kwargs: Any) -> None:
        shape = forms.TextInput(attrs=_PLAIN | {"class": "input mono"})
        super().__init__(required=False, widget=shape, **kwargs)

    def clean(self, value: Any) -> UUID | None:
        """Return the id; raise ValidationError for what is none."""
        text = super().clean(value)
        try:
            return UUID(text) if text else None
        except ValueError:
            raise ValidationError(
                "This is not the id of a stream. Leave it empty for a stream of its own."
            ) from None


class NewEvent(Form):
    """What to publish: a type, data, and the stream it belongs to."""

    event_type = forms.CharField(
        label="Type",
        max_length=LONGEST_TYPE,
        strip=False,
        widget=forms.TextInput(attrs=_PLAIN | {"class": "input mono", "list": "types"}),
        error_messages={"required": "An event needs a type, such as order:placed."},
    )
    event_data = JsonField(label="Data", help_text='Any JSON value, such as {"order": 17}.')
    stream_id = StreamField(
        label="Stream",
        help_text="The id of a stream to publish into; empty for a stream of its own.",
    )

    def clean_event_type(self) -> str:
        """Return the type; refuse blanks alone, and what only the platform publishes."""
        event_type: str = self.cleaned_data["event_type"]
        if not event_type.strip():
            raise ValidationError("An event needs a type, such as order:placed.")
        if is_reserved(event_type):
            raise ValidationError(
                f"Types that begin with {RESERVED} are the platform's own; only {CALL} is open."
            )
        return event_type


def is_editable(event: Event) -> bool:
    """Whether the event's data can be put into a form."""
    return event.event_data is not None and event.event_data.size <= EDITABLE_BYTES


def prefilled(event: Event) -> NewEvent:
    """Return the form with the type of an event and, unless it is too large, its data."""
    text = ""
    if is_editable(event) and event.event_data is not None:
        text = json.dumps(event.event_data.value, ensure_ascii=False, indent=2)
    return NewEvent(initial={"event_type": event.event_type, "event_data": text})
