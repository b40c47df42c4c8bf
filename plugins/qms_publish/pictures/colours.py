"""The colours of a picture as a screen shows them: turned into sRGB, as a page has no others.

A picture may say what its numbers mean, by a profile or a gamma. A browser heeds that; not all
other programs do. Where both would show something else (a curve with a step in it hides what is
grey), nobody knows what was signed, and the picture is refused.
"""

import struct
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Final

from PIL import Image, ImageCms

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_FRAME: Final = 12
_SPACE: Final = slice(16, 20)
"""Where a profile says what its numbers are of."""
_MOST_GREY: Final = 80
_MOST: Final = 160
"""By how much a grey, or a part of another colour, may look otherwise without a profile."""
_STEPS: Final = 6
_SRGB_GAMMA: Final = 45455
_SRGB_POINTS: Final = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
_NEAR: Final = 0.05
_NEAR_POINTS: Final = 1500
_WHOLE: Final = 255
_LINEAR: Final = 0.0031308


class ColoursError(ValueError):
    """A picture's colours are one thing to a browser and another to others."""


def in_srgb(image: Image.Image, data: bytes) -> Image.Image:
    """`image` with the colours that a browser shows; `data` is the file it was read from.

    It is of 8 bits a colour: L, LA, RGB or RGBA. Raises `ColoursError`.
    """
    chunks = dict(chunks_of(data))
    if b"cICP" in chunks:
        raise ColoursError("cICP")
    profile = image.info.get("icc_profile")
    if b"iCCP" in chunks and not profile:
        raise ColoursError("iCCP")
    if profile:
        return _by_profile(image, bytes(profile))
    if b"sRGB" in chunks or data.startswith(b"\xff\xd8"):
        return image
    return _by_gamma(image, chunks)


def chunks_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Names and insides of the parts of a PNG, as far as they are whole; of a JPEG none."""
    at = len(_SIGNATURE)
    while data.startswith(_SIGNATURE) and at + _FRAME <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        at += _FRAME + length


def _by_profile(image: Image.Image, profile: bytes) -> Image.Image:
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        is_grey = profile[_SPACE] == b"GRAY"
        if profile[_SPACE] != b"RGB " and not (is_grey and image.mode in {"L", "LA"}):
            raise ColoursError(f"ICC {profile[_SPACE].decode('ascii', 'replace')}")
        turned = ImageCms.buildTransform(
            source,
            ImageCms.ImageCmsProfile(
                ImageCms.createProfile("sRGB")  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType]
            ),
            "L" if is_grey else "RGB",
            "RGB",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
        sample = _sample("L" if is_grey else "RGB")
        if _is_same(sample, turned.apply(sample), "ICC"):
            return image
        alpha = image.getchannel("A") if image.mode in {"LA", "RGBA"} else None
        new = turned.apply(image.convert("L" if is_grey else "RGB"))
    except (ImageCms.PyCMSError, OSError) as error:
        raise ColoursError("ICC") from error
    if alpha is not None:
        new.putalpha(alpha)
    return new


def _by_gamma(image: Image.Image, chunks: Mapping[bytes, bytes]) -> Image.Image:
    points, said = chunks.get(b"cHRM"), chunks.get(b"gAMA")
    if said is None:
        return image  # without it a browser has no use for the other
    if len(said) != struct.calcsize(">I") or not any(said):
        raise ColoursError("gAMA")
    if points is not None:
        form = f">{len(_SRGB_POINTS)}I"
        numbers: tuple[int, ...] = (
            struct.unpack(form, points) if len(points) == struct.calcsize(form) else ()
        )
        far = [abs(a - b) for a, b in zip(numbers, _SRGB_POINTS, strict=False)]
        if not far or max(far) > _NEAR_POINTS:
            raise ColoursError("cHRM")
    gamma = struct.unpack(">I", said)[0]
    if abs(gamma / _SRGB_GAMMA - 1) <= _NEAR:
        return image
    curve = [round(_WHOLE * _as_srgb((at / _WHOLE) ** (100_000 / gamma))) for at in range(256)]
    sample = _sample("L")
    _is_same(sample, _along(sample, curve), "gAMA")
    parts = [
        part if name == "A" else _along(part, curve)
        for name, part in zip(image.getbands(), image.split(), strict=True)
    ]
    return Image.merge(image.mode, parts)


def _along(image: Image.Image, curve: list[int]) -> Image.Image:
    return image.point(curve)  # pyright: ignore[reportUnknownMemberType]


def _as_srgb(light: float) -> float:
    return 12.92 * light if light <= _LINEAR else 1.055 * light ** (1 / 2.4) - 0.055


def _sample(mode: str) -> Image.Image:
    """All greys, and some of all colours."""
    if mode == "L":
        return Image.frombytes("L", (256, 1), bytes(range(256)))
    greys = bytes(one for at in range(256) for one in (at, at, at))
    steps = [at * _WHOLE // (_STEPS - 1) for at in range(_STEPS)]
    some = bytes(one for r in steps for g in steps for b in steps for one in (r, g, b))
    return Image.frombytes("RGB", ((len(greys) + len(some)) // 3, 1), greys + some)


def _is_same(before: Image.Image, after: Image.Image, what: str) -> bool:
    """Whether nobody sees a difference; raises `ColoursError` where it is too large."""
    a, b = before.convert("RGB").tobytes(), after.convert("RGB").tobytes()
    far = [abs(x - y) for x, y in zip(a, b, strict=True)]
    if max(far[: 256 * 3]) > _MOST_GREY or max(far) > _MOST:
        raise ColoursError(what)
    return max(far) <= 1
