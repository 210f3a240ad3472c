"""The dashboard's server: `python -m hotdash.serve`."""

from hotdash.host import environment
from hotdash.host.serving import serve

if __name__ == "__main__":
    serve(
        "hotdash.asgi:application",
        environment.text("HOTDASH_HOST"),
        environment.number("HOTDASH_PORT"),
    )
