"""Payments: where an order with a bad currency fails.

Publish an order with "currency": "usd" and open its run: the trace shows the way down from
on-order-placed to check-currency, with the arguments of every call.
"""

import time

CURRENCIES = ("EUR", "GBP", "USD")


class ChargeRefused(Exception):
    """The bank will not charge this."""


def charge(order_number, cents, currency):
    """Charge an order and return the receipt's number."""
    request = build_request(order_number, cents, currency)
    answer = post("/v2/charges", request)
    return answer["receipt"]


def build_request(order_number, cents, currency):
    """Return what the bank wants to know."""
    # Values under names like api_key, token or password are masked in every trace.
    return {"amount": cents, "currency": currency, "order": order_number, "api_key": "test-4242"}


def post(path, request):
    """Send a request to the bank, which looks at it before it answers."""
    time.sleep(0.25)
    check_currency(request["currency"])
    return {"status": 200, "receipt": f"rc-{request['order']}"}


def check_currency(currency):
    """Refuse what is no currency code."""
    if currency not in CURRENCIES:
        expected = ", ".join(CURRENCIES)
        raise ChargeRefused(f'currency must be one of {expected}; got "{currency}"')
