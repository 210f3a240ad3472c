"""The SDK's own integration tests pass against the embedded API, and none is left out."""

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.conformance.served import Served


def test_the_official_integration_tests_all_pass(sdk: Path, served: Served, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(sdk / "src"),
        "HOT_TEST_BASE_URL": served.origin,
        "HOT_TEST_API_KEY": served.token,
    }

    done = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:django"),
            *("-rA", f"--junitxml={report}", "tests/test_integration.py"),
        ],
        cwd=sdk,
        env=variables,
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-8_000:]
    suite = ElementTree.parse(report).getroot()[0]  # noqa: S314  pytest wrote it just now
    counted = {name: int(suite.attrib[name]) for name in ("errors", "failures", "skipped")}
    assert counted == {"errors": 0, "failures": 0, "skipped": 0}, done.stdout[-8_000:]
    assert int(suite.attrib["tests"]) >= 6
