"""The fonts a page may be set in: eight files, and nothing else a machine happens to have.

fontconfig silently answers with another family where one is missing, so the same text would look
and break differently from machine to machine. Our own configuration file names the four files of
Debian's ``fonts-noto-cjk`` by path, refuses every other, and refuses the Japanese, Korean and
Traditional faces that lie in the same files. What letters those lack is drawn by four files that
travel with qms.
"""

import hashlib
import os
import stat
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from qms.api import (
    DRAWN_FAMILY,
    OUR_SANS,
    OUR_SERIF,
    Finding,
    Glyphs,
    Place,
    QmsError,
    glyph_font,
    our_digests,
    our_fonts,
)

SANS = "Noto Sans CJK SC"
SERIF = "Noto Serif CJK SC"
MONO = "Noto Sans Mono CJK SC"
"""In the same files as the first: Latin letters of half the width of a Chinese one, for code."""
SANS_FAMILIES = f"'{SANS}', '{OUR_SANS}', '{DRAWN_FAMILY}'"
SERIF_FAMILIES = f"'{SERIF}', '{OUR_SERIF}', {SANS_FAMILIES}"
"""As style sheets name them: a letter is drawn by the first that has it."""
FILES = (
    "NotoSansCJK-Bold.ttc",
    "NotoSansCJK-Regular.ttc",
    "NotoSerifCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
)
FOLDERS = (
    Path("/usr/share/fonts/opentype/noto"),
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
)
_OTHER_FACES = tuple(
    f"Noto {kind} CJK {region}"
    for kind in ("Sans", "Serif", "Sans Mono")
    for region in ("JP", "KR", "SC", "TC", "HK")
    if region != "SC"
)


def font_files(folders: Iterable[Path] = FOLDERS) -> tuple[Path, ...]:
    """The four Chinese font files, in the order of `FILES`.

    Raises FONTS-MISSING, which names the files that no folder holds.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        if len(found) == len(FILES):
            break
        for path in sorted(folder.rglob("Noto*CJK-*.ttc")):
            if path.name in FILES:
                found.setdefault(path.name, path)
    missing = [name for name in FILES if name not in found]
    if missing:
        values = {"missing": ", ".join(missing), "package": "fonts-noto-cjk"}
        raise QmsError(Finding("FONTS-MISSING", Place(), values))
    return tuple(found[name] for name in FILES)


def font_digests() -> Iterator[str]:
    """Each of the files with the digest of its bytes. Raises FONTS-MISSING, RENDER-LOCK."""
    for path in font_files():
        with path.open("rb") as file:
            yield f"{path.name} {hashlib.file_digest(file, 'sha256').hexdigest()}"
    our_fonts()
    yield from our_digests()


def configuration(files: Iterable[Path], cache: Path) -> str:
    """The text of a fontconfig file that accepts exactly `files`, and of them no faces but SC."""
    paths = sorted(files)
    folders = "\n".join(
        f"<dir>{escape(str(folder))}</dir>" for folder in sorted({path.parent for path in paths})
    )
    accepted = "\n".join(f"<glob>{escape(str(path))}</glob>" for path in paths)
    refused = "\n".join(
        f'<pattern><patelt name="family"><string>{name}</string></patelt></pattern>'
        for name in _OTHER_FACES
    )
    return f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
<cachedir>{escape(str(cache))}</cachedir>
<selectfont>
<acceptfont>
{accepted}
</acceptfont>
<rejectfont>
<glob>*</glob>
{refused}
</rejectfont>
</selectfont>
<alias><family>sans-serif</family><prefer><family>{SANS}</family></prefer></alias>
<alias><family>serif</family><prefer><family>{SERIF}</family></prefer></alias>
</fontconfig>
"""


def _cache_folder() -> Path | None:
    """Where fontconfig may keep what it read of the files; None where we may not write.

    Without it the first page of a process takes a quarter of a second longer. fontconfig believes
    what it says of the fonts: so it must be nobody else's, and in CI, where a cache may be
    what somebody's pull request left, there is none.
    """
    named, home = os.environ.get("XDG_CACHE_HOME"), os.environ.get("HOME")
    folder = Path(named or (f"{home}/.cache" if home else "")) / "qms" / "fonts"
    if os.environ.get("CI") or not folder.is_absolute():
        return None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
    except OSError:
        return None
    own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return folder if own and not found.st_mode & 0o077 else None


def _drawn(glyphs: Glyphs, folder: Path) -> Iterator[Path]:
    """The font of the letters that a company draws, in both weights."""
    for style in ("Regular", "Bold"):
        path = folder / f"drawn-{style}.otf"
        path.write_bytes(glyph_font(glyphs, style))
        yield path


@contextmanager
def only_our_fonts(glyphs: Glyphs) -> Generator[tuple[Path, ...]]:
    """While it is open, fontconfig of this process sees the eight files and nothing else.

    And, where the company draws letters itself, two more that are made of these `glyphs`.

    Sets ``FONTCONFIG_FILE`` and puts the old value back; not for two threads at once (rendering
    runs in processes). Gives the files. Raises FONTS-MISSING, RENDER-LOCK.
    """
    files = (*font_files(), *our_fonts().values())
    before = os.environ.get("FONTCONFIG_FILE")
    with TemporaryDirectory(prefix="qms-fonts-") as folder:
        own, cache = Path(folder) / "fonts.conf", _cache_folder()
        if glyphs:
            files = (*files, *_drawn(glyphs, Path(folder)))
            cache = None  # it knows fonts by their folder, which is another one each time
        own.write_text(configuration(files, cache or Path(folder)), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(own)
        try:
            yield files
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before
