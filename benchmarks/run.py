"""`./dev bench [NAME…] [--json]`: each measure beside its reference of the same run."""

import argparse
import compileall
import json
import sys
from pathlib import Path

from cases import NAMES


def main() -> int:
    """Run the named benchmarks, by default all; 1 where a target is missed."""
    parser = argparse.ArgumentParser(prog="./dev bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", action="store_true", help="a list of objects")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in NAMES]
    if unknown:
        parser.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    root = Path(__file__).parent.parent
    for package in ("qms", "plugins"):  # as pip does for an installed one
        compileall.compile_dir(root / package, quiet=1)
    results = []
    for name in given.names or NAMES:
        result = NAMES[name]()
        results.append(result)
        print(result.text(), file=sys.stderr if given.json else sys.stdout, flush=True)
    if given.json:
        print(json.dumps([result.row() for result in results], indent=1))
    return 0 if all(result.is_met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
