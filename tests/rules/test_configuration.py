"""What README says of the configuration is what the code reads, and nothing else is read."""

import ast
import re

from hotdash.host.environment import VARIABLES
from tests.rules.sources import ROOT, dashboard_modules, modules, name_of, parsed, places

# the environment is read here, and handed to children and servers there
READERS = {"hotdash/host/environment.py"}
CACHES = {
    "hotdash/guard/request.py": "a class for each class of request, made once",
    "hotdash/guard/readiness.py": "asks whether the cache answers, and keeps nothing",
    "hotdash/kit/templatetags/kit.py": "the markup of each icon, by its name in our templates",
}


def test_the_table_in_the_readme_is_the_table_in_the_code() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| (?:`(.*?)`)? ?\| (.*?) \|$", text, flags=re.MULTILINE)
    written = {name: (default, meaning) for name, default, meaning in rows}
    code = {v.name: (v.default, v.meaning + (" Secret." if v.is_secret else "")) for v in VARIABLES}
    assert written == code


def test_only_one_module_reads_the_environment() -> None:
    for path in modules():
        if name_of(path) in READERS:
            continue
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {
                "os.getenv",
                "os.environ.get",
            }:
                raise AssertionError(f"{name_of(path)}:{node.lineno} reads the environment")


def test_what_is_remembered_between_requests_is_on_the_list() -> None:
    remembering = places(
        r"@(functools\.)?(lru_cache|cache)\b|\bcaches?\[|\bcache\.(get|set|add)",
        list(dashboard_modules()),
    )
    assert {place.partition(":")[0] for place in remembering} == set(CACHES)
