"""Why a key or an address was not taken, in the words that stand under the field to mend."""

import re
from functools import singledispatch
from typing import Literal, NamedTuple

from hotdash.gateway.errors import (
    BadAnswer,
    GatewayError,
    NoAnswer,
    NotAllowed,
    Refused,
    WrongEnvironment,
)

_REQUEST_ID = re.compile(r"[0-9a-zA-Z-]{8,64}")

Field = Literal["base_url", "key"]


class Verdict(NamedTuple):
    """The field at fault and the sentence for it."""

    field: Field
    sentence: str


@singledispatch
def judge_trial(_error: GatewayError) -> Verdict:
    """Put what a trial met into words that tell nothing of who else lives at an address.

    Closed and silent ports read alike, and a stranger's words are never repeated.
    """
    return Verdict("base_url", "This address could not be tried.")


@judge_trial.register
def _no_answer(error: NoAnswer) -> Verdict:
    if error.kind == "busy":
        return Verdict("base_url", "Too many calls to this address are under way. Try again.")
    return Verdict("base_url", "No Hot API answers at this address.")


@judge_trial.register
def _not_allowed(error: NotAllowed) -> Verdict:
    remedy = f"add {error.entry} to {error.variable}" if error.entry else f"see {error.variable}"
    return Verdict(
        "base_url",
        "hotdash does not call this address: its operator has not allowed it. "
        f"Whoever runs hotdash can: {remedy}.",
    )


@judge_trial.register
def _bad_answer(error: BadAnswer) -> Verdict:
    if error.reason == "redirect":
        return Verdict("base_url", "This address points to another one. Enter that one itself.")
    if error.reason == "server_error":
        return Verdict("base_url", f"What answers at this address fails inside: {error.status}.")
    return Verdict("base_url", "Something answers at this address, but it is no Hot API.")


_NO = {
    401: "The Hot API does not accept this key.",
    403: "The Hot API knows this key but does not let it read its own environment (env:read).",
    429: "The Hot API asks to wait. Try again in a moment.",
}


@judge_trial.register
def _refused(error: Refused) -> Verdict:
    sentence = _NO.get(error.status, f"The Hot API refused this key with {error.status}.")
    is_plain = _REQUEST_ID.fullmatch(error.request_id)  # nothing else of a stranger's is shown
    return Verdict("key", f"{sentence} Request {error.request_id}." if is_plain else sentence)


@judge_trial.register
def _wrong_environment(error: WrongEnvironment) -> Verdict:
    return Verdict(
        "key",
        f"This environment is {error.expected} on the platform, "
        f"but the key belongs to {error.found}.",
    )
