"""A small shop, written to be read: what a build is, one idea a file.

    orders.py    an event handler that calls other modules, fails for some input, sends an event
    stock.py     a schedule, a method, an exception of one's own
    payments.py  where an order with a bad currency fails, four calls deep
    shipping.py  two handlers of one event, an async one among them
    carts.py     the smallest handler there is
    refunds.py   a handler that is retried until it works
    reports.py   a slow handler that streams its progress and leaves a file, and a generator
    prices.py    plain functions; anybody may call them by name with a hot:call event

The shop talks to nobody. Where it would call a warehouse or a bank, it sleeps as long as they take.
"""
