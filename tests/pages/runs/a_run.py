"""The page of a run, as its tests read it."""

from tests.reading import one, text_of
from tests.samples import Wire, at, call, failure, run

REFUSED = {"type": "CurrencyRefused", "msg": 'currency must be EUR; got "usd"'}


def failed_deep() -> tuple[Wire, list[Wire]]:
    """A run that failed in its third call, which got the currency, on its last attempt of three."""
    made = run(
        "failed",
        stop_time=at(2.31),
        attempt=3,
        retry_max=2,
        result=failure(REFUSED["msg"], {"type": REFUSED["type"]}),
    )
    calls = [
        call(1, error=REFUSED, value=None, var="on-placed"),
        call(2, 1, var="parse"),
        call(3, 1, error=REFUSED, value=None, var="charge", args={"currency": "usd"}),
    ]
    return made, calls


def verdict(response: object) -> str:
    return text_of(one(response, ".verdict"))
