"""What no template holds, and what each part has."""

import re

from tests.rules.sources import (
    PACKAGE,
    ROOT,
    TEMPLATES,
    dashboard_modules,
    name_of,
    places,
    templates,
)

LONGEST = 120
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))


def test_every_template_lies_where_its_room_or_its_use_names_it() -> None:
    rooms = {path.parent.name for path in PACKAGE.glob("pages/*/__init__.py")}
    assert {path.parent.name for path in templates()} <= {"errors", "kit", "layouts"} | rooms


def test_every_template_says_what_it_is_and_what_it_reads() -> None:
    for path in templates():
        assert re.search(
            r"{% comment %}.*Context: .*{% endcomment %}", path.read_text(), re.DOTALL
        ), name_of(path)


def test_nothing_is_inline() -> None:
    for what in (
        r"\sstyle\s*=",
        r"<style",
        r"\son[a-z]+\s*=",
        r"<script(?![^>]*\ssrc=)",
        r"hx-on",
        r"js:",
        r"javascript:",
        r"hx-boost",
        r"hx-vals=['\"]?js",
    ):
        assert places(what, templates()) == [], what


def test_nothing_from_outside_is_taken_for_markup() -> None:
    assert places(r"\|\s*safe\b|autoescape\s+off|\{% filter|safeseq", templates()) == []
    python = list(dashboard_modules())
    assert places(r"\bmark_safe\b|SafeText|@html_safe|is_safe\s*=", python) == []


def test_a_parts_name_is_the_id_of_its_element() -> None:
    parts = 0
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"{% partialdef ([\w-]+)", text):
            parts += 1
            assert re.search(rf'id="{re.escape(name)}"', _unfolded(text)), (
                f"{name_of(path)}: {name}"
            )
            assert re.fullmatch(r"[a-z][a-z0-9-]*", name), name
    assert parts > 0


def test_what_htmx_fetches_works_without_it() -> None:
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for tag in re.findall(r"<[a-z]+\b(?:[^>\"']|\"[^\"]*\"|'[^']*')*\bhx-get\b[^>]*>", text):
            link_or_form = re.match(r"<(a|form)\b", tag)
            loads_itself = "hx-trigger=" in tag and re.search(r"load|revealed|every", tag)
            assert link_or_form or loads_itself, f"{name_of(path)}: {tag}"


def test_nothing_is_fetched_again_more_than_once_a_second() -> None:
    assert places(r"hx-trigger=\"[^\"]*\bevery\b", templates()) == []
    pauses = places(r"paced\(|setInterval\(", SCRIPTS)
    assert pauses
    assert places(r"(?:paced|setInterval)\(.*,\s*\d{1,3}\)", SCRIPTS) == []
    assert places(r"interval = 1000\b", SCRIPTS)


def test_every_form_that_posts_carries_its_token() -> None:
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for form in re.findall(r"<form\b.*?</form>", text, flags=re.DOTALL):
            if re.search(r'method="post"', form):
                assert "{% csrf_token %}" in form, name_of(path)


def test_no_template_is_longer_than_one_can_read() -> None:
    for path in templates():
        lines = path.read_text(encoding="utf-8").count("\n")
        assert lines <= LONGEST, f"{name_of(path)} has {lines} lines"


def _unfolded(text: str) -> str:
    """The template and whatever it includes."""
    included = re.findall(r'{% include "([^"]+)"', text)
    return "\n".join([text, *((TEMPLATES / name).read_text(encoding="utf-8") for name in included)])
