"""The dashboard's own settings, with a clock around every request."""

from hotdash.settings import *  # noqa: F403  everything but the line below is as in `make run`
from hotdash.settings import MIDDLEWARE as _MIDDLEWARE

MIDDLEWARE = ["benchmarks.server_timing.ServerTiming", *_MIDDLEWARE]
