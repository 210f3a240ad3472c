"""The stylesheet holds what pages use, and pages use what it holds."""

import re

from tests.rules.sources import ROOT, dashboard_modules, templates

STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))
MADE_ELSEWHERE = {"htmx-request"}  # by htmx, while it asks
_TAG = re.compile(r"\{[{%].*?[%}]\}")


def written(text: str, attribute: str) -> set[str]:
    """The words of an attribute in templates, whichever way an `if` in it goes."""
    values = re.findall(rf'{attribute}="((?:[^"{{]|{{[{{%].*?[%}}]}})*)"', text, flags=re.DOTALL)
    return {word for value in values for word in _TAG.sub(" ", value).split()}


def quoted() -> set[str]:
    """Every word that Python or script has in quotes: classes that are made while a page is."""
    paths = [*dashboard_modules(), *SCRIPTS]
    texts = (path.read_text(encoding="utf-8") for path in paths)
    return {
        word for text in texts for line in re.findall(r'"([^"\n]*)"', text) for word in line.split()
    }


def styled() -> set[str]:
    """Every class that a stylesheet names."""
    texts = (
        re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.DOTALL) for path in STYLES
    )
    return {name for text in texts for name in re.findall(r"\.([a-zA-Z][\w-]*)", text)}


def test_every_class_of_a_page_has_a_style() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in templates())
    assert {name for name in written(text, "class") if not name.endswith("-")} - styled() == set()


def test_every_style_is_of_a_class_that_something_has() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in templates())
    used = written(text, "class") | quoted() | MADE_ELSEWHERE
    beginnings = tuple(
        name for name in written(text, "class") if name.endswith("-")
    )  # `t-{{ kind }}`
    assert {name for name in styled() - used if not name.startswith(beginnings)} == set()


def test_every_token_is_read() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in STYLES)
    made = set(re.findall(r"(--[\w-]+):", text))
    assert made - set(re.findall(r"var\((--[\w-]+)", text)) == set()
