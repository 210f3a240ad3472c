"""A browser that is signed in at Django's live server."""

from django.conf import settings
from playwright.sync_api import Page

from tests.cast import Cast


def enter(page: Page, cast: Cast, server: str) -> None:
    """Give the browser the session of a member."""
    session = cast.browser(cast.mia).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server}]
    )
