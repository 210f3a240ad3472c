"""The few tags and filters that every template of hotdash may use."""

from functools import cache

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from hotdash.kit import formats
from hotdash.kit.flat_loop import flat
from hotdash.kit.links import web_address

register = template.Library()

for write in (
    formats.ago,
    formats.clock,
    formats.clock_ms,
    formats.duration,
    formats.exact,
    formats.iso,
    formats.moment,
    formats.number,
    formats.plural,
    formats.short_id,
    formats.size,
    formats.visible,
):
    register.filter(write.__name__, write)
register.filter("web_address", web_address)
register.tag("flat", flat)


@register.simple_tag
@cache  # of our own words alone: a page has twenty icons, and the sprite's address stays
def icon(name: str, kind: str = "") -> SafeString:
    """Draw an icon of the sprite, hidden from screen readers; `kind` is small or large."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true"><use href="{}#{}"/></svg>',
        f" {kind}" if kind else "",
        static("img/icons.svg"),
        name,
    )
