"""Stock: what lies on the shelves, and a schedule that counts it."""

import time

from hotbuild import ctx, schedule

ON_SHELF = {"MUG-1": 120, "TEE-2": 60, "POSTER-3": 40, "LAMP-4": 3}


class OutOfStock(Exception):
    """An exception of one's own: its name and its message are what the run shows."""


class Shelf:
    """One product's place in the warehouse. Methods are traced like functions."""

    def __init__(self, sku):
        self.sku = sku
        self.pieces = ON_SHELF.get(sku, 0)

    def take(self, quantity):
        """Return how many are left after taking some."""
        if quantity > self.pieces:
            raise OutOfStock(f"{quantity} of {self.sku} wanted, {self.pieces} on the shelf")
        return self.pieces - quantity


def reserve(order_number, lines):
    """Put aside what an order needs and return what is left of each product."""
    # A context variable of the project; set it in its settings, or leave it unset.
    warehouse = ctx.get("WAREHOUSE_NAME", "Warehouse North")
    ask_warehouse(warehouse, 0.18)
    return {line["sku"]: Shelf(line["sku"]).take(line["quantity"]) for line in lines}


def release(order_number, lines):
    """Put back what was put aside."""
    ask_warehouse("Warehouse North", 0.02)
    return [line["sku"] for line in lines]


# Five fields: minute, hour, day of the month, month, day of the week; times are in UTC.
@schedule("* * * * *")
def count():
    """Run every minute, without arguments, and return how much is on the shelves."""
    ask_warehouse("Warehouse North", 0.3)
    return {"pieces": sum(ON_SHELF.values()), "low": [s for s, n in ON_SHELF.items() if n < 10]}


def ask_warehouse(name, seconds):
    """Wait as long as the warehouse takes to answer."""
    time.sleep(seconds)
    return f"{name} answered"
