"""Which system libraries set the pages: the same text by another version may break otherwise."""

import ctypes
from collections.abc import Iterator

from qms.api import Finding, Place, QmsError

_PANGO = {"package": "libpango-1.0-0 libpangoft2-1.0-0"}
_HARFBUZZ = {"package": "libharfbuzz-subset0"}
_SPOKEN = (
    ("libpango-1.0.so.0", "pango_version_string", "PANGO-MISSING", _PANGO),
    ("libharfbuzz.so.0", "hb_version_string", "PANGO-MISSING", _PANGO),
)
_NEEDED = (
    ("libpangoft2-1.0.so.0", "PANGO-MISSING", _PANGO),
    ("libharfbuzz-subset.so.0", "HARFBUZZ-MISSING", _HARFBUZZ),
)


def native_versions() -> Iterator[str]:
    """Pango, HarfBuzz, fontconfig and FreeType with their versions.

    Raises PANGO-MISSING, HARFBUZZ-MISSING: nobody types a passphrase for pages that can't be set.
    """
    for name, function, code, values in _SPOKEN:
        call = getattr(_library(name, code, values), function)
        call.restype = ctypes.c_char_p
        yield f"{name} {call().decode('ascii', 'replace')}"
    for name, code, values in _NEEDED:
        _library(name, code, values)
    fontconfig = _library("libfontconfig.so.1", "PANGO-MISSING", _PANGO)
    yield f"libfontconfig.so.1 {fontconfig.FcGetVersion()}"
    yield f"libfreetype.so.6 {_freetype()}"


def _freetype() -> str:
    library = _library("libfreetype.so.6", "PANGO-MISSING", _PANGO)
    handle = ctypes.c_void_p()
    if library.FT_Init_FreeType(ctypes.byref(handle)):
        return "?"
    numbers = [ctypes.c_int() for _ in range(3)]
    library.FT_Library_Version(handle, *(ctypes.byref(number) for number in numbers))
    library.FT_Done_FreeType(handle)
    return ".".join(str(number.value) for number in numbers)


def _library(name: str, code: str, values: dict[str, str]) -> ctypes.CDLL:
    try:
        return ctypes.CDLL(name)
    except OSError as error:
        raise QmsError(Finding(code, Place(), values | {"library": name})) from error
