"""What a process sets on itself."""

import subprocess
import sys


def printed(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", f"import ctypes, os\nfrom hotdash.host import process\n{code}"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()


def test_files_are_closed_to_others() -> None:
    assert printed("process.harden(); print(oct(os.umask(0)))") == "0o77"


def test_memory_is_closed_to_the_same_user_and_stays_so_over_a_fork() -> None:
    code = (
        "process.harden()\n"
        "pid = os.fork()\n"
        "if pid == 0: print(ctypes.CDLL(None).prctl(3)); os._exit(os.sys.stdout.flush() or 0)\n"
        "os.waitpid(pid, 0)"
    )
    assert printed(code) == "0"


def test_a_child_whose_parent_is_gone_already_does_not_start() -> None:
    code = (
        "pid = os.fork()\n"
        "if pid == 0: process.dying_with(1 << 30)(); print('it lives', flush=True)\n"
        "else: os.waitpid(pid, 0); print('gone')"
    )
    assert printed(code) == "gone"


def test_large_blocks_are_given_back() -> None:
    code = (
        "import re\n"
        "from pathlib import Path\n"
        "def held():\n"
        "    status = Path('/proc/self/status').read_text()\n"
        "    return int(re.search(r'VmRSS:\\s+(\\d+)', status)[1])\n"
        "process.give_back_large_blocks()\n"
        "before = held()\n"
        "blocks = [b'x' * 8_000_000]; blocks = None\n"
        "blocks = [b'x' * 6_000_000 for _ in range(5)]; small = [b'y' * 100_000]\n"
        "blocks = None\n"
        "print(held() - before < 4_000)"
    )
    assert printed(code) == "True"
