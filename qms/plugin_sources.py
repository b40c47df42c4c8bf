"""The installed sources of a distribution: what they are, by digest, and how exactly they run.

A policy admits a rule half by a digest over its files. So the bytes that were hashed are the bytes
that must run: Python's own import would take a cached ``.pyc`` beside a source, and whatever else
lies in the package's folder.
"""

import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path, PurePosixPath
from types import CodeType, ModuleType
from typing import Final, NamedTuple

_POINTS: Final = "entry_points.txt"


class Sources(NamedTuple):
    """A distribution's own files. `modules` gives path and source of each module by its name."""

    digest: str
    folder: str
    modules: Mapping[str, tuple[str, bytes]]

    def covers(self, module: str) -> bool:
        """Whether the module is one of these sources."""
        return module in self.modules


def listing(files: Mapping[str, bytes]) -> bytes:
    """What a digest of sources is the SHA-256 of: as ``sha256sum`` prints files, by path."""
    paths = sorted(files, key=str.encode)
    return b"".join(f"{sha256(files[path]).hexdigest()}  {path}\n".encode() for path in paths)


@lru_cache(maxsize=64)
def sources(info: str) -> Sources | None:
    """The sources that the ``RECORD`` in a ``.dist-info`` folder lists.

    None where there is no record, or it lists what is not there or has no plain name: such a
    distribution has no digest.
    """
    folder = Path(info).parent
    try:
        record = (Path(info) / "RECORD").read_text(encoding="utf-8")
        files = {path: (folder / path).read_bytes() for path in _listed(record, Path(info).name)}
    except (OSError, ValueError):
        return None
    modules = {_module(path): (str(folder / path), data)
               for path, data in files.items() if path.endswith(".py")}  # fmt: skip
    return Sources(f"sha256:{sha256(listing(files)).hexdigest()}", str(folder), modules)


@lru_cache(maxsize=64)
def package_digest(package: str) -> str:
    """The digest of all that lies in an importable package's folder but what Python compiled.

    Empty where there is no such folder. What a package makes may be kept for as long as this is
    the same; it admits nothing.
    """
    spec = find_spec(package)
    folders = (spec.submodule_search_locations or ()) if spec is not None else ()
    files = {
        f"{path.relative_to(folder).as_posix()}": path.read_bytes()
        for folder in map(Path, folders)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    }
    return f"sha256:{sha256(listing(files)).hexdigest()}" if files else ""


def _listed(record: str, info: str) -> list[str]:
    """The paths that count: own code and data, and which entry points the distribution has.

    Not what Python compiled, what an installer notes of itself, or what lies outside the folder,
    such as scripts: that differs by machine. Raises ValueError for what is no record.
    """
    paths: list[str] = []
    for row in _csv_rows(record):
        path = PurePosixPath(row[0]) if row else PurePosixPath()
        if not path.parts or path.is_absolute() or ".." in path.parts or path.suffix == ".pyc":
            continue
        if path.parts[0] == info and path.parts[1:] != (_POINTS,):
            continue
        if not row[0].isprintable() or "\\" in row[0] or str(path) != row[0]:
            raise ValueError(row[0])
        paths.append(row[0])
    return paths


def _csv_rows(text: str) -> list[list[str]]:
    import csv  # noqa: PLC0415 - only for plugins from elsewhere

    try:
        return list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _module(path: str) -> str:
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


class _Loader(SourceFileLoader):
    """Compiles the very bytes that were hashed; no cache is read or written."""

    def __init__(self, name: str, path: str, source: bytes) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> CodeType:
        """The module's code."""
        code: CodeType = self.source_to_code(self.source, self.get_filename(fullname))
        return code


class _Finder(MetaPathFinder):
    """Finds the modules of one distribution, and lets nothing else be found inside its packages."""

    def __init__(self, found: Sources) -> None:
        self.found = found
        parts = (name.split(".") for name in found.modules)
        self.folders = {".".join(one[:at]) for one in parts for at in range(1, len(one))}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        """The spec of a module; raises ModuleNotFoundError for one that no digest covers."""
        del path, target
        known = self.found.modules.get(fullname)
        if known is not None:
            where, source = known
            is_package = where.endswith("__init__.py")
            return spec_from_file_location(
                fullname,
                where,
                loader=_Loader(fullname, where, source),
                submodule_search_locations=[str(Path(where).parent)] if is_package else None,
            )
        above = fullname.rpartition(".")[0]
        if fullname in self.folders:  # whatever `__init__` lies there, no record lists it
            spec = ModuleSpec(fullname, None, is_package=True)
            inside = fullname.replace(".", "/")
            folders = dict.fromkeys((self.found.folder, *(one or "." for one in sys.path)))
            spec.submodule_search_locations = [f"{one}/{inside}" for one in folders]
            return spec
        if fullname.partition(".")[0] not in self.found.modules:
            return None  # of a package that several distributions share, only the own modules
        if above in self.found.modules or above in self.folders:
            message = f"{fullname} is no source that the RECORD of its distribution lists"
            raise ModuleNotFoundError(message, name=fullname)
        return None


def run_from(found: Sources) -> None:
    """From now on import these modules from the sources that were read, and from nothing else."""
    if any(isinstance(one, _Finder) and one.found is found for one in sys.meta_path):
        return
    finder = _Finder(found)
    for name in (*found.modules, *finder.folders):
        sys.modules.pop(name, None)
    sys.meta_path[:] = [
        one
        for one in sys.meta_path
        if not (isinstance(one, _Finder) and one.found.modules.keys() & found.modules.keys())
    ]
    sys.meta_path.insert(0, finder)
