"""Takes the steps of a Dockerfile without a container engine: in a directory, as its user."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.household import ROOT

Step = tuple[str, str]  # the instruction and its arguments, on one line


@dataclass(frozen=True)
class Dockerfile:
    """A Dockerfile of two stages, parsed."""

    build: list[Step]
    last: list[Step]

    def only(self, instruction: str) -> str:
        """Return the arguments of an instruction that the last stage has once."""
        (found,) = (arguments for name, arguments in self.last if name == instruction)
        return found

    def environment(self) -> dict[str, str]:
        """Return the variables of the last stage."""
        pairs = (word.partition("=") for word in shlex.split(self.only("ENV")))
        return {name: value for name, _, value in pairs}

    def health(self) -> list[str]:
        """Return the command of the health check."""
        words: list[str] = json.loads(self.only("HEALTHCHECK").partition("CMD ")[2])
        return words

    def command(self) -> list[str]:
        """Return what a container runs."""
        words: list[str] = json.loads(self.only("CMD"))
        return words


def parsed(text: str) -> Dockerfile:
    """Return the two stages of a Dockerfile."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    steps = [(name, rest) for name, _, rest in (s.partition(" ") for s in joined.splitlines())]
    first, second = (place for place, (name, _) in enumerate(steps) if name == "FROM")
    return Dockerfile(steps[first:second], steps[second:])


@dataclass
class Image:
    """What the steps left in a directory that stands for the root of a container."""

    root: Path
    file: Dockerfile
    tools: Path
    _place: Path = field(default_factory=Path)

    def make(self) -> None:
        """Take the steps of both stages; what the last one does not copy is gone between them."""
        for step in self.file.build:
            self._take(*step)
        copied = [arguments for name, arguments in self.file.last if name == "COPY"]
        assert copied == ["--from=build /opt /opt"]
        for other in set(self.root.iterdir()) - {self.root / "opt"}:
            shutil.rmtree(other)
        for step in self.file.last:
            if step[0] != "COPY":
                self._take(*step)

    def inside(self, text: str) -> str:
        """Return a text with the paths of the container as they are outside."""
        return re.sub(r"(?<![\w./])/(opt|data)\b", rf"{self.root}/\1", text)

    @property
    def user(self) -> tuple[int, int]:
        """Who runs it: the user of the image, or whoever tests without being root."""
        if os.geteuid() != 0:
            return os.getuid(), os.getgid()
        user, group = self.file.only("USER").split(":")
        return int(user), int(group)

    def confined(self, command: Sequence[str]) -> list[str]:
        """Return a command as `--cap-drop ALL --security-opt no-new-privileges` would run it."""
        user, group = self.user
        drop = ["--reuid", str(user), "--regid", str(group), "--clear-groups"]
        drop += ["--inh-caps=-all", "--bounding-set=-all"]
        return ["setpriv", *(drop if os.geteuid() == 0 else []), "--no-new-privs", "--", *command]

    def environment(self, given: Mapping[str, str]) -> dict[str, str]:
        """Return the variables of the image with those of `docker run -e` over them."""
        ours = {key: self.inside(value) for key, value in self.file.environment().items()}
        ours["PATH"] = ours["PATH"].replace("$PATH", os.defpath)
        return ours | {"HOME": "/"} | dict(given)

    @property
    def place(self) -> Path:
        """The working directory in which its commands start."""
        return self._place

    def run(
        self, command: Sequence[str], given: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Run a command of the image to its end."""
        return subprocess.run(
            self.confined(command),
            env=self.environment(given),
            cwd=self.place,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def _take(self, name: str, arguments: str) -> None:
        if name == "WORKDIR":
            self._place = Path(self.inside(arguments))
            self._place.mkdir(parents=True, exist_ok=True)
        elif name == "COPY":
            source, target = arguments.split()
            assert target == "./"
            for path in _context() if source == "." else [ROOT / source]:
                _copy(path, self._place / path.name)
        elif name == "RUN":
            # another user cannot be given a directory without root
            ours = re.sub(r"-o \d+ -g \d+", "-o {} -g {}".format(*self.user), arguments)
            where = {"PATH": f"{self.tools}:{os.environ['PATH']}"}
            shell = ["sh", "-c", self.inside(ours)]
            subprocess.run(shell, cwd=self._place, env=_clean() | where, check=True)


@contextmanager
def running(image: Image, given: Mapping[str, str], words: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the image's CMD, its output in the file `words`; it is gone afterwards."""
    with words.open("w") as output:
        started = subprocess.Popen(
            image.confined(image.file.command()),
            env=image.environment(given),
            cwd=image.place,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
    try:
        yield started
    finally:
        if started.poll() is None:
            started.terminate()
        started.wait(timeout=60)


def tools(folder: Path) -> Path:
    """Make a folder with a `python` as the base image has one: anybody may run it, and it has pip.

    The interpreter of the tests may lie in a home directory, into which no other user can look.
    """
    base = next(path for path in (_base(), Path("/usr/bin/python3")) if _is_everybodys(path))
    folder.mkdir()
    python = folder / "python"
    lines = f'case "$2" in pip) exec {sys.executable} "$@";; *) exec {base} "$@";; esac\n'
    python.write_text(f"#!/bin/sh\n{lines}")
    python.chmod(0o755)
    return folder


def _base() -> Path:
    return Path(sys.base_prefix, "bin", "python3").resolve()


def _is_everybodys(path: Path) -> bool:
    return os.geteuid() != 0 or all(place.stat().st_mode & 0o001 for place in (path, *path.parents))


def _context() -> list[Path]:
    """What .dockerignore lets into the image: it begins by keeping everything out."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert rules[-1] == "**/__pycache__"
    assert all(re.fullmatch(r"![\w.]+", rule) for rule in rules[1:-1])
    return [ROOT / rule[1:] for rule in rules[1:-1]]


def _copy(path: Path, target: Path) -> None:
    if path.is_dir():
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(path, target, ignore=ignored, dirs_exist_ok=True)
    else:
        shutil.copy(path, target)


def _clean() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if "HOTDASH" not in name and not name.startswith(("DJANGO", "DATABASE"))
    }
