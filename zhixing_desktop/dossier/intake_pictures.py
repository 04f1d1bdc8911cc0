"""A picture file examined: JPEG, PNG, a TIFF of many pages, and what scanners and phones make."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zhixing_desktop.dossier.incoming import PageShape, fault, note, opened, size_of
from zhixing_desktop.dossier.media_types import TIFF, words_for
from zhixing_desktop.dossier.picture_files import (
    Frame,
    decodes,
    frames,
    picture,
    strips_whole,
)
from zhixing_desktop.dossier.tiff_chain import chain_whole
from zhixing_desktop.workflow.errors import Problem

if TYPE_CHECKING:
    from PIL.Image import Image

_LONG = 200
_COARSE = 140
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, struct.error, KeyError, TypeError)


@dataclass(frozen=True, slots=True)
class ExaminedPicture:
    """The pages of a picture file and what is to be known."""

    shapes: tuple[PageShape, ...]
    problems: tuple[Problem, ...]


def examine_picture(content: Path | bytes, name: str, media_type: str) -> ExaminedPicture:
    """Return the pages of a picture file and what was noticed; refusals are problems.

    Each page of a TIFF is found but not decoded; any other picture is read to its end once.
    """
    from PIL import Image

    try:
        with picture(content) as image:
            if media_type == TIFF:
                return _tiff(content, image, name)
            return _single(image, name, media_type)
    except Image.DecompressionBombError:
        sentence = "图片太大，超出了能处理的像素。请以300dpi重新扫描，或者分成几张。"
        return ExaminedPicture((), (fault(name, sentence, "too_large"),))
    except _UNREADABLE:
        return _torn(name, media_type)


def _torn(name: str, media_type: str) -> ExaminedPicture:
    sentence = (
        f"这个{words_for(media_type)}已经损坏或者没有传完。请重新扫描或者重新取得，再放入一次。"
    )
    return ExaminedPicture((), (fault(name, sentence, "file_damaged"),))


def _single(image: Image, name: str, media_type: str) -> ExaminedPicture:
    several = getattr(image, "n_frames", 1) > 1 and image.format in ("GIF", "WEBP")
    one = next(frames(image))
    if not decodes(image):
        return _torn(name, media_type)
    problems = list(_about([one], name))
    if several:
        problems.append(note(name, "这是动画，卷宗页只取第一幅画面。", "animated"))
    return ExaminedPicture((one.shape(),), tuple(problems))


def _tiff(content: Path | bytes, image: Image, name: str) -> ExaminedPicture:
    size = size_of(content)
    with opened(content) as file:
        torn = not chain_whole(file, size)
    found: list[Frame] = []
    try:
        for one in frames(image):
            if not strips_whole(image, size):
                torn = True
                break
            found.append(one)
    except _UNREADABLE:
        torn = True
    if not found:
        return _torn(name, TIFF)
    problems = list(_about(found, name))
    if torn:
        problems.append(
            note(
                name,
                f"文件没有传完或者有损坏，只有前{len(found)}页完整，后面的读不出来。"
                "请对照纸质原件，缺的页重新扫描。",
                "repaired",
            )
        )
    if len(found) > _LONG:
        problems.append(
            note(
                name,
                f"共{len(found)}页。一册一般不超过200页，归入卷宗后会分册。",
                "long",
            )
        )
    return ExaminedPicture(tuple(one.shape() for one in found), tuple(problems))


def _about(found: list[Frame], name: str) -> Iterator[Problem]:
    where = "" if len(found) == 1 else "有的页"
    if any(one.dpi is None for one in found):
        yield note(name, f"{where}没有可信的分辨率，按A4的页面排放。", "dpi")
    coarse = [min(one.dpi) for one in found if one.dpi is not None and min(one.dpi) < _COARSE]
    if coarse:
        yield note(
            name,
            f"{where}扫描的分辨率只有{min(coarse):.0f}dpi，小字和印章可能看不清。"
            "要长期保存的，建议以200dpi以上重新扫描。",
            "coarse",
        )
