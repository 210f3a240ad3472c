"""Workers and templates close their memory, also where no kernel isolates runs (threats R2)."""

import os
from pathlib import Path

from tests.localapi.runtime.shop import Shop, result
from tests.localapi.runtime.workers import WorkerProcess

# root without its capabilities: as any user, it looks into its own processes unless they refuse
AS_ANYBODY = () if os.getuid() else ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
BUILD = {
    "prying.py": """
def read(path):
    try:
        open(path, "rb").close()
    except PermissionError:
        return False
    return True

def opened(pids):
    names = ("environ", "mem", "maps", "fd/0")
    return [path for pid in pids for name in names if read(path := f"/proc/{pid}/{name}")]
"""
}


def test_no_run_looks_into_them(shop: Shop, data: Path) -> None:
    with WorkerProcess(data, through=AS_ANYBODY, HOTDASH_RUN_ISOLATION="off") as worker:
        shop.deploy(BUILD)
        pids = [worker.process.pid, *worker.templates()]

        assert len(pids) > 1
        assert result(shop.call("::prying/opened", pids)) == []
