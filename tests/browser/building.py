"""A build of a test's own, packed, uploaded and deployed as any person does it."""

import hashlib
import subprocess
import sys
from pathlib import Path

import httpx

from tests.browser.watching import Publisher
from tests.household import ROOT
from tests.sockets import wait_for


def deploy(api: Publisher, project: str, source: str, folder: Path) -> None:
    """Make a project whose one module is this source, and wait until it is what runs."""
    (folder / project).mkdir()
    (folder / project / "handlers.py").write_text(source, encoding="utf-8")
    archive = folder / f"{project}.hot.zip"
    pack = [sys.executable, "-m", "hotdash.localapi", "pack", str(folder / project)]
    subprocess.run([*pack, "-o", str(archive)], cwd=ROOT, check=True, capture_output=True)
    with httpx.Client(headers={"authorization": f"Bearer {api.key}"}, timeout=30) as client:
        client.post(f"{api.url}/projects", json={"name": project}).raise_for_status()
        builds = f"{api.url}/projects/{project}/builds"
        content = archive.read_bytes()
        answer = client.post(
            builds,
            data={"hash": hashlib.sha256(content).hexdigest()},
            files={"file": (archive.name, content, "application/zip")},
        )
        build = f"{builds}/{answer.raise_for_status().json()['data']['build_id']}"
        client.post(f"{build}/deploy").raise_for_status()
        wait_for(lambda: client.get(build).json()["data"].get("deployed") is True)
