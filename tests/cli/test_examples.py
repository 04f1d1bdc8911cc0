"""The examples of docs/cli.md are run, in the order of the page, and print what the page shows.

``...`` stands for anything; ``? N`` is the exit code; lines after a refusal are what stderr says.
With ``ZHIXING_PROGRAM=dist/zhixing/zhixing`` the built program is run instead of this checkout.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

BUILT = os.environ.get("ZHIXING_PROGRAM")
PROGRAM = [str(Path(BUILT).resolve())] if BUILT else [sys.executable, "-m", "zhixing_desktop"]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"


@dataclass
class Example:
    line: int
    command: str
    code: int = 0
    output: list[str] = field(default_factory=list)


def examples() -> list[Example]:
    found: list[Example] = []
    inside = False
    for number, line in enumerate(PAGE.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            found.append(Example(number, line[2:]))
        elif inside and re.fullmatch(r"\? \d", line):
            found[-1].code = int(line[2:])
        elif inside:
            found[-1].output.append(line)
    return found


def fits(wanted: list[str], printed: str) -> bool:
    pattern = re.escape("\n".join(wanted)).replace(re.escape("\n...\n"), r"\n(?:.*\n)*?")
    pattern = pattern.replace(re.escape("\n..."), r"(?:\n.*)*").replace(
        re.escape("..."), r"[\s\S]*?"
    )
    return re.fullmatch(pattern, printed.strip("\n")) is not None


def test_the_page_has_examples() -> None:
    assert len(examples()) >= 20


def test_examples_of_the_page(tmp_path: Path, clean_environment: dict[str, str]) -> None:
    environment = dict(clean_environment)
    for example in examples():
        words = shlex.split(example.command)
        if words[0] == "export":
            environment |= dict(entry.split("=", 1) for entry in words[1:])
            continue
        assert words[0] == "zhixing", example
        run = subprocess.run(
            [*PROGRAM, *words[1:]],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        where = f"docs/cli.md:{example.line}: {example.command}"
        assert run.returncode == example.code, f"{where}\n{run.stdout}{run.stderr}"
        printed = run.stdout if example.code == 0 else run.stderr
        if example.output:
            assert fits(example.output, printed), f"{where}\n{printed}"
