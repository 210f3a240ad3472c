"""Why something is cancelled."""

from typing import Annotated

from ninja import Field, Schema

from hotdash.localapi.bodies import Text


class CancelBody(Schema):
    """The reason, which becomes part of the result; it may be left out, and so may the body."""

    reason: Annotated[Text, Field(max_length=4000)] | None = None
