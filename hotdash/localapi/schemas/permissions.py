"""Permission maps in a request; what a map may hold is told by the document, refused in words."""

from typing import Annotated, Any

from ninja import Field

from hotdash.localapi.bodies import Text
from hotdash.localapi.credentials.permission_maps import ACTIONS, OF_SERVICES


def _told(kinds: tuple[str, ...]) -> dict[str, Any]:
    """Return what a map is, in JSON Schema: resources and the actions of each."""
    return {
        "patternProperties": {f"^{kind}:[^\\u0000]": _actions(ACTIONS[kind]) for kind in kinds},
        "additionalProperties": _actions(frozenset().union(*ACTIONS.values())),
    }


def _actions(known: frozenset[str]) -> dict[str, Any]:
    return {"type": "array", "minItems": 1, "items": {"enum": [*sorted(known), "*"]}}


_EVERY = _told(tuple(ACTIONS)) | {
    "propertyNames": {"pattern": r"^([A-Za-z0-9-]+:[^\u0000]+|\*:\*)$"},
    "maxProperties": 1000,
}
_SOME = _told(OF_SERVICES) | {
    "propertyNames": {"pattern": rf"^({'|'.join(OF_SERVICES)}):[^\u0000]+$"},
    "maxProperties": 1000,
}

Permissions = Annotated[dict[Text, Any], Field(json_schema_extra=_EVERY)]
ForServices = Annotated[dict[Text, Any], Field(json_schema_extra=_SOME)]
