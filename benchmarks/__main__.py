"""Runs every benchmark of this folder, one process each, and fails when one of them fails."""

import subprocess
import sys
from pathlib import Path


def found() -> list[str]:
    """The names of the benchmarks here, in alphabetical order."""
    here = Path(__file__).parent
    return sorted(path.stem for path in here.glob("*.py") if not path.stem.startswith("_"))


def main() -> int:
    names = found()
    if not names:
        print("There are no benchmarks yet.")
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"benchmarks.{name}"]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
