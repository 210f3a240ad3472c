"""Trying a key or an address for a form, whose fields say what came of it."""

from collections.abc import Callable
from typing import TypeVar

from django import forms

from hotdash.credentials.keys import AddressChanged
from hotdash.credentials.trials import TooManyTrials
from hotdash.gateway.errors import GatewayError
from hotdash.kit.trials import judge_trial
from hotdash.orgs.slugs import BadSlug

T = TypeVar("T")

_EXHAUSTED = "too_many_trials"


def tried(form: forms.Form, call: Callable[[], T]) -> T | None:
    """Return the call's result, or None with the reason under the field that can mend it."""
    try:
        return call()
    except TooManyTrials as error:
        form.add_error(None, forms.ValidationError(str(error), code=_EXHAUSTED))
    except AddressChanged as error:
        form.add_error(None, str(error))
    except BadSlug as error:
        form.add_error("slug", str(error))
    except GatewayError as error:
        verdict = judge_trial(error)
        form.add_error(verdict.field if verdict.field in form.fields else None, verdict.sentence)
    return None


def status_of(form: forms.Form) -> int:
    """Return what a form answers that was not taken: 429 once trials are used up, else 422."""
    return 429 if form.has_error("__all__", _EXHAUSTED) else 422
