"""A flat loop writes what `{% for %}` writes, and takes no row that is not flat."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError

ROWS = [
    {"name": "one", "note": "", "state": "failed"},
    {"name": "<b>&'\"</b>", "note": "50 % {{ no }}", "state": ""},
]


def written(body, **context):
    """What the loop writes of the rows."""
    return Template(f"{{% flat row in rows %}}{body}{{% endflat %}}").render(Context(context))


@pytest.mark.parametrize(
    "body",
    [
        "<li>{{ row.name }}</li>",
        "{% if row.note %}{{ row.note }}{% else %}none, {{ row.name }}{% endif %};",
        "{% if row.note %}a{% elif row.state %}{{ row.state }}{% else %}c{% endif %}",
        '{% if row.name == "one" %}1{% elif row.state == "" %}{{ row.name }}{% else %}?{% endif %}',
        "{% if row.name == kind %}={% elif row.state == wanted %}{{ row.name }}{% endif %}",
        "{% if not is_brief %}{{ row.name }}{% endif %}{% if is_brief %}-{% else %}+{% endif %}",
        "{% if is_brief %}a{% elif kind == 'one' %}{{ row.state }}{% endif %}",
        "{{ kind|upper }}{{ row.name }}{% firstof is_brief kind %}",
        "{{ narrow.row }}|{% comment %}row by row{% endcomment %}{# each row #}",
    ],
)
def test_it_writes_what_a_plain_loop_writes(body):
    plain = Template(f"{{% for row in rows %}}{body}{{% endfor %}}")
    context = {"rows": ROWS, "kind": "one", "is_brief": False, "wanted": ""}
    assert written(body, **context) == plain.render(Context(context))


def test_a_row_may_be_a_plain_object():
    body = '{% if row.name == "one" %}{{ row.state }}{% else %}{{ row.name }}{% endif %};'
    objects = [SimpleNamespace(**row) for row in ROWS]
    assert written(body, rows=objects) == written(body, rows=ROWS) != ""


def test_a_row_may_have_rows_of_its_own():
    rows = [{"name": name, "bars": [{"x": x} for x in name]} for name in ("<a>", "", "b")]
    body = "{{ row.name }}({% flat bar in row.bars %}{{ bar.x }}{{ kind }},{% endflat %})"
    assert written(body, rows=rows, kind="%") == "&lt;a&gt;(&lt;%,a%,&gt;%,)()b(b%,)"


def test_no_row_writes_nothing():
    assert written("<li>{{ row.name }}</li>", rows=[]) == ""


def test_what_is_not_of_the_row_is_worked_out_once():
    asked = []
    written("{{ row.name }}{{ kind }}", rows=ROWS, kind=lambda: asked.append("kind"))
    assert asked == ["kind"]


@pytest.mark.parametrize(
    "body",
    [
        "{{ row }}",
        "{{ row.name|upper }}",
        "{{ row.call.name }}",
        "{{ kind|default:row.name }}",
        "{% if not row.name %}{% endif %}",
        "{% if row.name == row.state %}{% endif %}",
        "{% if kind == row.name %}{% endif %}",
        '{% if row.name != "one" %}{% endif %}',
        "{% if kind and row.name %}{% endif %}",
        "{% if kind %}{% elif row.name|upper == kind %}{% endif %}",
        "{% flat bar in row.bars %}{{ row.name }}{% endflat %}",
        "{% flat row in row.bars %}{{ row.name }}{% endflat %}",
        "{% flat bar in rows %}{{ bar.name }}{% endflat %}{{ row.name|upper }}",
        "{% for bar in row.bars %}{% endfor %}",
        '{% include "kit/pager.html" with rows=row %}',
    ],
)
def test_what_is_more_than_a_text_of_the_row_is_refused(body):
    with pytest.raises(TemplateSyntaxError, match="is more than a text of row"):
        written(body, rows=ROWS)


def test_behind_the_loop_its_name_is_free():
    body = "{{ row.name }}{% flat bar in row.bars %}{{ bar }}{% endflat %}"
    text = f"{{% flat row in rows %}}{body}{{% endflat %}}{{{{ row.name|upper }}}}"
    context = Context({"rows": [{"name": "a", "bars": []}], "row": {"name": "b"}})
    assert Template(text.replace("{{ bar }}", "|")).render(context) == "aB"


def test_a_text_that_the_row_lacks_is_a_mistake():
    with pytest.raises(KeyError):
        written("{{ row.nmae }}", rows=ROWS)


@pytest.mark.parametrize("head", ["flat", "flat row", "flat row of rows", "flat a, b in rows"])
def test_a_loop_that_is_written_otherwise_is_refused(head):
    with pytest.raises(TemplateSyntaxError, match="It is written"):
        Template(f"{{% {head} %}}{{% endflat %}}")
