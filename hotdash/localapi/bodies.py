"""How requests are read: strict JSON objects, and the client's own text of a payload."""

import json
import re
import sys
from typing import Annotated, Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from ninja import Field
from ninja.errors import ValidationError
from ninja.parser import Parser
from pydantic import AfterValidator, BeforeValidator, StrictStr

from hotdash.localapi.errors import Refused, error, from_refusal

_JSON_TYPE = re.compile(r"application/(?:[\w.+-]+\+)?json\s*(?:;|$)", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?[0-9]+")
_BLANK = re.compile(r"[ \t\r\n]*")
# in the document; a text is judged by its validator
NO_NUL = r"^[^\u0000]*$"


def _whole(given: Any) -> Any:
    return int(given) if isinstance(given, float) and given.is_integer() else given


def _without_nul(text: str) -> str:
    if "\0" in text:  # Postgres keeps none in text
        raise ValueError("holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a surrogate pair") from None
    return text


def _digits(given: Any) -> Any:
    if isinstance(given, str) and not _NUMBER.fullmatch(given):
        raise ValueError("is no whole number")
    return given


# a number without a fraction, 1.0 too: so JSON Schema has integers; no truth value, no text
Whole = Annotated[int, Field(strict=True), BeforeValidator(_whole)]
Whole64 = Annotated[int, Field(strict=True, ge=-(2**63), le=2**63 - 1), BeforeValidator(_whole)]
Text = Annotated[
    StrictStr,
    AfterValidator(_without_nul),
    Field(json_schema_extra={"pattern": NO_NUL}),
]
# as long as an address holds it and Postgres keeps it in an index, whatever the characters
LONGEST_NAME = 512
Name = Annotated[Text, Field(max_length=LONGEST_NAME)]
# a number of an address: pydantic alone takes 1.0, 1_0 and blanks around it, too
Digits = BeforeValidator(_digits)


class _NoValue(ValueError):
    """A word that Python's reader takes for a number, and JSON does not know."""


class StrictJson(Parser):
    """Reads a body that says it is a JSON object and is: else 415, 400 or 422."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's value; raise Refused."""
        if not _JSON_TYPE.match(request.headers.get("Content-Type", "")):
            raise _not_json()
        try:
            value = _DECODER.decode(request.body.decode("utf-8"))
        except RecursionError:
            raise Refused(400, "The body is nested too deeply.") from None
        except ValueError as error:
            raise Refused(400, f"The body is not valid JSON: {_where(error)}") from None
        if not isinstance(value, dict):
            raise Refused(422, "The body must be a JSON object.")
        return value

    def parse_querydict(
        self, data: MultiValueDict[str, Any], list_fields: list[str], request: HttpRequest
    ) -> dict[str, Any]:
        """Return a query or form as a dict; raise Refused for a query key given twice."""
        if data is request.GET:
            for name, values in data.lists():
                if len(values) > 1:
                    raise Refused(400, f"The query names {name[:80]} more than once.")
        return super().parse_querydict(data, list_fields, request)


def from_validation(request: HttpRequest, trouble: ValidationError) -> HttpResponse:
    """Return 422 for a body of the wrong shape, 400 for a wrong path or query (contract 1.4)."""
    first = trouble.errors[0]
    place, *names = (str(part) for part in first["loc"])
    if place == "body" and not request.body:  # ninja gives no parser a body without a byte
        says_json = _JSON_TYPE.match(request.headers.get("Content-Type", ""))
        return from_refusal(
            request, Refused(400, "The body is empty.") if says_json else _not_json()
        )
    name = names[-1] if names else place
    return error(422 if place == "body" else 400, f"{name}: {_words(first)}")


def _words(trouble: dict[str, Any]) -> str:
    if trouble["type"] == "too_long":  # pydantic counts items, here of texts alone
        return f"is longer than {trouble['ctx']['max_length']:,} characters"
    if trouble["type"] == "dict_type":
        return "Input should be a valid object"
    return str(trouble["msg"]).removeprefix("Value error, ")


def text_of(body: bytes, field: str) -> str:
    """Return the JSON text of one field of an object that was parsed before, on one line.

    Payloads are kept as they were sent: parsing and writing them again would lose digits of
    numbers and so change what people see.
    """
    text = body.decode("utf-8")
    found = ""
    at = _skip(text, _skip(text, 0) + 1)
    while text[at] != "}":
        name, at = _DECODER.raw_decode(text, at)
        start = _skip(text, _skip(text, at) + 1)
        _, end = _DECODER.raw_decode(text, start)
        if name == field:
            found = text[start:end]
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    # a line break can only stand between tokens: in a string it must be escaped
    return found.replace("\r", " ").replace("\n", " ")


def _not_json() -> Refused:
    return Refused(415, "Send the body with Content-Type: application/json.")


def _skip(text: str, at: int) -> int:
    blank = _BLANK.match(text, at)
    return blank.end() if blank else at


def _no_constant(name: str) -> NoReturn:
    raise _NoValue(f"{name} is no JSON value")


def _where(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno} column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, _NoValue):
        return str(error)
    return f"a number has more than {sys.get_int_max_str_digits():,} digits"


_DECODER = json.JSONDecoder(parse_constant=_no_constant)
