"""What this machine has: versions of the programs that are run, fonts and libraries to print."""

import os
import re
import shlex
import site
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path
from typing import Final

from qms.findings import Finding, QmsError
from qms.storage import gitprogram

PRINTING: Final = (
    ("pango", "pango-1.0", "libpango-1.0-0"),
    ("pangoft2", "pangoft2-1.0", "libpangoft2-1.0-0"),
    ("harfbuzz-subset", "harfbuzz-subset", "libharfbuzz-subset0"),
)
"""What printing needs beside fonts: its name, its shared library, and Debian's package of it."""
FONTS_PACKAGE: Final = "fonts-noto-cjk"
FONT_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def git_version() -> str:
    """Version and place of git. Raises `QmsError` GIT-MISSING, GIT-OLD."""
    gitprogram.refuse_old_git()
    return f"{gitprogram.git_version()} ({gitprogram.git_path()})"


def ssh_version() -> str:
    """Version of OpenSSH and place of ssh-keygen. Raises `QmsError` SSH-KEYGEN-MISSING."""
    keygen = gitprogram.program_path("ssh-keygen", os.get_exec_path())
    if keygen is None:
        raise QmsError(Finding("SSH-KEYGEN-MISSING"))
    ssh = gitprogram.program_path("ssh", os.get_exec_path())
    if ssh is None:
        return keygen
    # ssh-keygen itself doesn't tell its version; ssh does, on stderr.
    said = subprocess.run([ssh, "-V"], capture_output=True, check=False)  # noqa: S603 - absolute
    found = re.search(r"OpenSSH_[^\s,]+", said.stderr.decode("utf-8", "replace"))
    return f"{found[0] if found is not None else '?'} ({keygen})"


def other_modules() -> tuple[str, ...]:
    """Folders from which Python may take modules before those that were installed with qms.

    None where it runs isolated (``-I``). What lies in one of them has run before anybody can look.
    """
    value = "" if sys.flags.ignore_environment else os.environ.get("PYTHONPATH", "")
    named = value.split(os.pathsep) if value else []
    here = str(Path(__file__).resolve().parents[2])
    mine = site.getusersitepackages() if site.ENABLE_USER_SITE else ""
    own = (mine,) if mine in sys.path and mine != here else ()
    return tuple(dict.fromkeys(one or os.curdir for one in (*named, *own)))


def isolated(*arguments: str) -> str:
    """The command that runs qms with no module but those that were installed with it."""
    return shlex.join([sys.executable, "-I", "-m", "qms", *arguments])


def library(name: str) -> str | None:
    """The shared library of this name, as the system's loader finds it."""
    return find_library(name)


def chinese_fonts(folders: tuple[Path, ...] = FONT_FOLDERS) -> tuple[str, ...]:
    """Names of the installed font files that hold Chinese."""
    names = {path.name for folder in folders for path in folder.rglob("Noto*CJK-*.tt[cf]")}
    return tuple(sorted(names))
