"""Prices: plain functions without any decorator.

They are called by the handlers, and anybody may call them by name: publish an event of the type
hot:call with {"fn": "::storefront::prices/price-of", "args": ["MUG-1"]}.
"""

PRICES = {"MUG-1": 1290, "TEE-2": 2490, "POSTER-3": 1990, "LAMP-4": 8900}  # in cents
BULK_QUANTITY = 10


def price_of(sku):
    """Return the price of one piece, in cents."""
    if sku not in PRICES:
        raise LookupError(f"nothing is sold under {sku}")
    return PRICES[sku]


def total_of(lines):
    """Return what all lines cost together, in cents."""
    return sum(line_total(line) for line in lines)


def line_total(line):
    """Return what one line costs: a tenth less from ten pieces on."""
    full = price_of(line["sku"]) * line["quantity"]
    return full * 9 // 10 if line["quantity"] >= BULK_QUANTITY else full
