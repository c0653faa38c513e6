"""Runs every benchmark of this folder, one process each, prints the table and keeps the figures in
results.json. Fails when one of them does not run to its end.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"


def found() -> list[str]:
    """The names of the benchmarks here, in alphabetical order."""
    return sorted(path.stem for path in HERE.glob("*.py") if not path.stem.startswith("_"))


def main() -> int:
    names = sys.argv[1:] or found()
    failed = []
    with tempfile.NamedTemporaryFile("r", suffix=".jsonl") as figures:
        for name in names:
            print(f"== {name}", flush=True)
            command = [sys.executable, "-m", f"benchmarks.{name}"]
            env = os.environ | {"BENCH_FOUND": figures.name}
            if subprocess.run(command, check=False, env=env).returncode:
                failed.append(name)
        keep([json.loads(line) for line in figures])
    if failed:
        print(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def keep(rows: list[dict[str, object]]) -> None:
    """What was measured now, and of what was not, what was measured last."""
    before = json.loads(RESULTS.read_text()) if RESULTS.exists() else []
    names = {(row["name"], row["peer"]) for row in rows}
    rest = [row for row in before if (row["name"], row["peer"]) not in names]
    every = sorted([*rest, *rows], key=lambda row: str(row["name"]).split()[0])
    RESULTS.write_text("[\n" + ",\n".join(json.dumps(row) for row in every) + "\n]\n")


if __name__ == "__main__":
    sys.exit(main())
