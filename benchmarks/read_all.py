"""The reference of `check --all`: read each document, hash it, load its front matter.

Only what every checker of documents must do, with the fastest loader that PyYAML has, and no
rules. Run as a process: ``read_all.py REPO``.
"""

import sys
from hashlib import sha256
from pathlib import Path

import yaml

for path in Path(sys.argv[1], "documents").rglob("*.md"):
    data = path.read_bytes()
    sha256(data).digest()
    yaml.load(data[4 : data.index(b"\n---\n", 4)], Loader=yaml.CSafeLoader)
