"""The one stylesheet, the one script, and the icons that templates name."""

import re
from pathlib import Path
from xml.etree import ElementTree

from django.contrib.staticfiles.finders import find

from hotdash.guard.shell import Shell
from hotdash.kit.compact_templates import compact
from hotdash.kit.static_files import JoinedFiles, script, source, stylesheet

TEMPLATES = Path(__file__).parents[2] / "templates"
SYMBOL = "{http://www.w3.org/2000/svg}symbol"


def symbols():
    root = ElementTree.parse(source() / "img" / "icons.svg").getroot()  # noqa: S314  our own file
    return {symbol.get("id") for symbol in root.iter(SYMBOL)}


def test_the_stylesheet_holds_every_layer_and_imports_nothing():
    css = stylesheet()
    assert "@import" not in css
    for layer in ("reset", "tokens", "base", "layout", "components", "utilities"):
        assert f"@layer {layer} {{" in css
    assert css.count("{") == css.count("}")


def test_every_component_is_in_the_stylesheet():
    entered = (source() / "css" / "layers.css").read_text()
    components = {path.name for path in (source() / "css" / "components").iterdir()}
    assert {name for name in components if f"components/{name}" not in entered} == set()


def test_icons_of_flat_rows_are_data_in_the_stylesheet():
    assert "icons.svg#" not in stylesheet()
    assert stylesheet().count('url("data:image/svg+xml,') >= 10


def test_the_script_is_htmx_and_every_behaviour():
    joined = script()
    assert "htmx" in joined[:200]
    for path in (source() / "js").glob("*.js"):
        assert path.read_text().strip() in joined


def test_collected_are_two_joined_files_and_the_images():
    names = [name for name, _ in JoinedFiles().list([])]
    assert names == ["css/hotdash.css", "js/hotdash.js", "img/favicon.svg", "img/icons.svg"]


def test_in_debug_mode_a_request_finds_the_same_joined_files():
    found = find("css/hotdash.css")
    assert found is not None
    assert Path(found).read_text() == stylesheet()


def test_nothing_but_these_files_is_found():
    assert find("css/layers.css") is None
    assert find("img/../css/tokens.css") is None
    assert find("img/nothing.svg") is None


def test_every_icon_that_is_drawn_exists_and_no_other():
    drawn = {symbol for _, _, symbol in Shell.themes}
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text()
        drawn |= set(re.findall(r'{% icon "([\w-]+)"', text))
        drawn |= set(re.findall(r'icons\.svg" %}#([\w-]+)', text))
    for path in (source() / "css").rglob("*.css"):
        drawn |= set(re.findall(r"icons\.svg#([\w-]+)", path.read_text()))
    assert drawn == symbols()


def test_templates_lose_their_indentation_but_not_what_is_preformatted():
    text = "<ul>\n    <li>a</li>\n\n  <pre>\n  x\n    y</pre>\n  </ul>"
    assert compact(text) == "<ul>\n<li>a</li>\n<pre>\n  x\n    y</pre>\n</ul>"


def test_templates_lose_the_line_breaks_that_mean_nothing():
    text = '<tr\n  class="x"\n>\n  <td>\n    a\n    <b>c</b>\n  </td>\n</tr>'
    assert compact(text) == '<tr\nclass="x"><td>\na\n<b>c</b></td></tr>'
