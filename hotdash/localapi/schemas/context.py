"""Context variables on the wire: everything but their values (contract 5.4)."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from typing_extensions import TypedDict

from hotdash.localapi.bodies import Text
from hotdash.localapi.models import ContextVariable

Value = Annotated[Text, Field(max_length=1024 * 1024)]
Description = Annotated[Text, Field(max_length=4096)] | None


class ContextShape(TypedDict):
    """A context variable; its value is never sent."""

    key: str
    description: str | None
    created_at: datetime
    updated_at: datetime


class NewContext(Schema):
    """A variable to be made; a value that is JSON text arrives in handlers as what it says."""

    key: Text
    value: Value
    description: Description = None


class ChangedContext(Schema):
    """A new value; a description that is left out stays."""

    value: Value
    description: Description = None


def context_shape(variable: ContextVariable) -> ContextShape:
    """Return a variable as it is sent."""
    return {
        "key": variable.key,
        "description": variable.description,
        "created_at": variable.created_at,
        "updated_at": variable.updated_at,
    }
