"""What machines go by as it lies there: attributes, and what is run. A policy binds it all.

A forge runs each workflow that it finds, whoever brought it, and an editor the tasks of a folder
that is opened. So it is not enough that the files which a policy lists are as it lists them: there
may be no other.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from qms.formats.glyph_files import FOLDER as GLYPHS
from qms.formats.names import ASSETS, fold, is_short_of
from qms.formats.paths import GOVERNED
from qms.formats.tree import EXECUTABLE, FILE, Tree, TreeEntry

_ATTRIBUTES: Final = frozenset((".gitattributes",))
_PACKAGE: Final = frozenset(("package.json", "package.yaml", "package.yml"))
"""What `npm` and `pnpm` run scripts of, and runners of hooks take their settings from."""
_IN_ASSETS: Final = _ATTRIBUTES | _PACKAGE
_SCRIPTS: Final = tuple(f"{kind}{module}" for module in ("js", "ts") for kind in ("", "c", "m"))
_ANYWHERE: Final = frozenset(
    (".pre-commit-config.yaml", ".pre-commit-config.yml", "prek.toml", ".dir-locals.el",
     ".dir-locals-2.el", ".lintstagedrc",
     *(f".lintstagedrc.{form}" for form in ("json", "yaml", "yml", *_SCRIPTS)),
     *(f"lint-staged.config.{form}" for form in _SCRIPTS))
)  # fmt: skip
"""What is run in whatever folder it lies: of prek, lint-staged and Emacs each may have its own."""
_HUSKY: Final = (".huskyrc", *(f".huskyrc.{form}" for form in ("json", "yaml", "yml", *_SCRIPTS)),
                 *(f"husky.config.{form}" for form in _SCRIPTS))  # fmt: skip
_LEFTHOOK: Final = tuple(
    f"lefthook{local}.{form}"
    for local in ("", "-local")
    for form in ("yml", "yaml", "toml", "json")
)
_MISE: Final = ("mise.toml", "mise.local.toml")
_OF_MISE: Final = re.compile(r"(\.?mise|config)\..+\.toml")
"""What it goes by in one of its environments, too: `.mise.ci.toml`, `mise/config.ci.toml`."""
_PASSED_OVER: Final = (" ", ".")
"""What Windows takes off the end of a name."""
_FILES: Final = _ANYWHERE | _PACKAGE | frozenset(
    (".gitattributes", ".gitlab-ci.yml", ".cnb.yml", ".coding-ci.yml", ".orange-ci.yml", ".ci.yml",
     "jenkinsfile", ".drone.yml", ".woodpecker.yml", ".woodpecker.yaml", ".onedev-buildspec.yml",
     ".build.yml", ".travis.yml", ".cirrus.yml", "bitbucket-pipelines.yml", "azure-pipelines.yml",
     ".cirrus.star", ".drone.star", ".drone.jsonnet", "appveyor.yml", ".appveyor.yml",
     "buildkite.yml", "buildkite.yaml", "buildspec.yml", "buildspec.yaml", "cloudbuild.yaml",
     "cloudbuild.yml", "cloudbuild.json", ".readthedocs.yaml", ".readthedocs.yml", "netlify.toml",
     "vercel.json", ".zuul.yaml", ".gitpod.yml", ".devcontainer.json",
     ".envrc", ".lfsconfig", ".mcp.json",
     ".overcommit.yml",
     "amplify.yml", "amplify.yaml", "render.yaml", "render.yml", "codemagic.yaml", "codemagic.yml",
     "bitrise.yml", "bitrise.yaml", "screwdriver.yaml", "screwdriver.yml", "wercker.yml",
     "azure-pipelines.yaml", "railway.json", "railway.toml", "nixpacks.toml", "wrangler.toml",
     "wrangler.json", "wrangler.jsonc", "heroku.yml", "codeship-services.yml",
     "codeship-steps.yml", "shippable.yml", ".shippable.yml", ".scrutinizer.yml", ".mergify.yml",
     "renovate.json", "renovate.json5", ".renovaterc", ".renovaterc.json", ".renovaterc.json5",
     "devfile.yaml", "devfile.yml", ".devfile.yaml", ".devfile.yml", ".gitpod.yaml", ".replit",
     ".stackblitzrc", ".tool-versions", ".exrc", ".nvimrc", ".nvim.lua", ".ycm_extra_conf.py",
     "opencode.json", "opencode.jsonc", "crush.json", ".crush.json",
     "zuul.yaml", ".aider.conf.yml", ".aider.conf.yaml", ".platform.app.yaml", ".pnpmfile.cjs",
     ".pnpmfile.mjs", "pnpm-workspace.yaml", ".npmrc", ".yarnrc", ".yarnrc.yml", ".vimrc",
     ".lvimrc", ".local.vimrc",
     *_MISE, *(f".{name}" for name in _MISE), *_HUSKY,
     "hk.pkl", "captainhook.json", ".simple-git-hooks.json", "simple-git-hooks.json",
     *_LEFTHOOK, *(f".{name}" for name in _LEFTHOOK))
)  # fmt: skip
"""Files at the root that a forge, a service beside it, an editor, or git by what somebody installed
once, runs since they are there."""
_FOLDERS: Final[Mapping[str, frozenset[str]]] = {
    ".github": frozenset(("workflows", "actions")),
    ".gitea": frozenset(("workflows", "actions")),
    ".forgejo": frozenset(("workflows", "actions")),
    ".gitcode": frozenset(("workflows", "actions")),
    ".workflow": frozenset(),  # Gitee's, as a whole
    ".codeup": frozenset(),
    ".cnb": frozenset(),
    ".ci": frozenset(),
    ".woodpecker": frozenset(),
    ".builds": frozenset(),
    ".circleci": frozenset(),
    ".tekton": frozenset(),
    ".azure-pipelines": frozenset(),
    ".buildkite": frozenset(),
    ".copr": frozenset(),
    ".gitlab": frozenset(("agents",)),
    ".harness": frozenset(),
    ".semaphore": frozenset(),
    ".teamcity": frozenset(),
    ".devcontainer": frozenset(),
    ".husky": frozenset(),
    ".githooks": frozenset(),
    ".lefthook": frozenset(),
    ".lefthook-local": frozenset(),
    ".vscode": frozenset(),
    ".idea": frozenset(),
    ".fleet": frozenset(),
    ".nova": frozenset(),
    ".zed": frozenset(),
    ".idx": frozenset(),
    ".codesandbox": frozenset(),
    ".claude": frozenset(),
    ".cursor": frozenset(),
    ".windsurf": frozenset(),
    ".gemini": frozenset(),
    ".qwen": frozenset(),
    ".codex": frozenset(),
    ".kiro": frozenset(),
    ".roo": frozenset(),
    ".amazonq": frozenset(),
    ".codebuddy": frozenset(),
    ".opencode": frozenset(),
    ".factory": frozenset(),
    ".mergify": frozenset(),
    ".mise": frozenset(),
    "zuul.d": frozenset(),
    ".zuul.d": frozenset(),
    ".clinerules": frozenset(),
    ".trae": frozenset(),
    ".qoder": frozenset(),
    ".lingma": frozenset(),
    ".continue": frozenset(),
    ".junie": frozenset(),
    ".augment": frozenset(),
    ".vim": frozenset(),
    ".nvim": frozenset(),
    ".helix": frozenset(),
    ".tangled": frozenset(),
    ".upsun": frozenset(),
    ".platform": frozenset(),
    ".yarn": frozenset(),
    ".config": frozenset(("mise",)),
    "mise": frozenset(("conf.d",)),
    GLYPHS: frozenset(),
}
"""Folders at the root, and which of those inside are gone by; all of it where none is said.

The letters that a company draws itself are among them: printers go by what lies there.
"""
_INSIDE: Final[Mapping[str, frozenset[str]]] = {
    ".github": frozenset(("dependabot.yml", "dependabot.yaml", "mergify.yml", "renovate.json",
                          "renovate.json5")),
    ".gitlab": frozenset(("renovate.json", "renovate.json5")),
    ".config": frozenset((*_MISE, *_LEFTHOOK, "hk.pkl")),
    "mise": frozenset(("config.toml", "config.local.toml")),
}  # fmt: skip
"""Files that are gone by in a folder at the root of which not all is."""
_ROOT: Final = frozenset((*_FILES, *_FOLDERS, *_INSIDE))


def bound_files(tree: Tree) -> Iterator[str]:
    """The paths of all such files in a tree, sorted in each folder, those at the root first.

    A link or a repository in the place of such a folder is one: what it leads to would be run. So
    is a folder with more files than anybody may have. Below the pictures of working texts
    attributes are: git changes by them what it lays out. In governed folders there is none that
    isn't a stray.
    """
    yield from dict.fromkeys((*_at_root(tree), *tree.named(_is_run_anywhere, GOVERNED)))


def _at_root(tree: Tree) -> Iterator[str]:
    for name, entry in sorted(tree.folder("").items()):
        meant = _meant(name, _ROOT)
        inside = [_FOLDERS[one] for one in meant if one in _FOLDERS]
        files = [_INSIDE[one] for one in meant if one in _INSIDE]
        if not entry.is_folder:
            if inside or files:
                yield from _below(tree, name, entry)
            elif meant & _FILES:
                yield name
        elif fold(name) == ASSETS:
            every = tree.files(name)
            yield from (path for path, _ in every if _meant(_last(path), _IN_ASSETS))
        elif not all(inside):
            yield from _below(tree, name, entry)
        else:
            for one, below in sorted(tree.folder(name).items()) if meant else ():
                if any(_meant(one, names) for names in inside):
                    yield from _below(tree, f"{name}/{one}", below)
                elif not below.is_folder and any(_meant(one, names) for names in files):
                    yield f"{name}/{one}"


def _below(tree: Tree, path: str, entry: TreeEntry) -> Iterator[str]:
    if entry.is_folder:
        yield from (inside for inside, _ in tree.files(path))
    elif entry.mode not in (FILE, EXECUTABLE):
        yield path


def short_names(tree: Tree, paths: Iterable[str]) -> Iterator[str]:
    """What Windows writes into one of these files, or into a folder above one: by a short name."""
    asked: set[tuple[str, str]] = set()
    for path in paths:
        parts = path.split("/")
        asked |= {("/".join(parts[:at]), name) for at, name in enumerate(parts)}
    for folder, long in sorted(asked):
        for name, entry in sorted(tree.folder(folder).items()):
            if is_short_of(name, long):
                path = f"{folder}/{name}".lstrip("/")
                yield from (
                    (inside for inside, _ in tree.files(path)) if entry.is_folder else (path,)
                )


def is_bound(path: str) -> bool:
    """Whether machines go by a file at this path."""
    first, *below = path.split("/")
    meant = _meant(first, _ROOT)
    inside = [_FOLDERS[one] for one in meant if one in _FOLDERS]
    if not below:
        return bool(meant & _FILES)
    if _is_run_anywhere(below[-1]) and first not in GOVERNED:
        return True
    if fold(first) == ASSETS:
        return bool(_meant(below[-1], _IN_ASSETS))
    if not all(inside):
        return True
    if len(below) == 1:
        return any(_meant(below[0], _INSIDE[one]) for one in meant if one in _INSIDE)
    return any(_meant(below[0], names) for names in inside)


def is_attributes(path: str) -> bool:
    """Whether a disk may take a file at this path for a folder's attributes."""
    return bool(_meant(_last(path), _ATTRIBUTES))


def _is_run_anywhere(name: str) -> bool:
    if name.isascii() and not name.endswith(_PASSED_OVER) and "~" not in name and "%" not in name:
        return name.lower() in _ANYWHERE  # asked of each file that there is
    return bool(_meant(name, _ANYWHERE))


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _meant(name: str, known: frozenset[str]) -> frozenset[str]:
    """Which of these names a disk may take one for: it may be blind for case, or what ends it.

    Or call a file by a short name too: `GITATT~1` is written into `.gitattributes` then.
    """
    plain = fold(name).rstrip(" .")
    if "~" not in plain:
        return known & {plain, _OF_MISE.sub(r"\1.toml", plain)}
    return frozenset(one for one in known if is_short_of(plain, one))
