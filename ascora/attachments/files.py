"""Whether an upload is what may be kept: known by its bytes, pictures encoded anew. Pure."""

import re
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import PurePath

import pi_heif
from PIL import Image, ImageOps, UnidentifiedImageError

pi_heif.register_heif_opener()

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 60_000_000
LONGEST_SIDE = 2400
LONGEST_NAME = 150
ACCEPTED = ".jpg,.jpeg,.png,.webp,.heic,.pdf"
PDF, JPEG, PNG, WEBP, HEIC = (
    "application/pdf",
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
)
_ENDINGS = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png"}
_HEIC_BRANDS = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"}
_READ = {JPEG: "JPEG", PNG: "PNG", WEBP: "WEBP", HEIC: "HEIF"}
_UNPRINTABLE = re.compile(r'[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069"\\/]')


class FileRefused(Exception):
    """The file is not kept; the message says why."""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file that may be kept."""

    name: str
    content_type: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """In hexadecimal digits."""
        return sha256(self.content).hexdigest()


def checked_file(name: str, content: bytes) -> CheckedFile:
    """The upload as it is kept. Its name and what the browser called its type decide nothing."""
    if not content:
        raise FileRefused("This file is empty.")
    if len(content) > MOST_BYTES:
        raise FileRefused("A file has at most 10 MB.")
    kind = _kind_of(content)
    if kind in _READ:
        kind, content = _encoded_anew(content, kind)
    return CheckedFile(_named(name, _ENDINGS[kind]), kind, content)


def _kind_of(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    if content.startswith(b"%PDF-"):
        return PDF
    raise FileRefused("Choose a photo (JPEG, PNG, WebP, HEIC) or a PDF.")


def _encoded_anew(content: bytes, kind: str) -> tuple[str, bytes]:
    """As what every browser and the books show: upright, not larger than needed, and without what
    cameras write beside the picture, such as the place where it was taken.
    """
    try:
        with Image.open(BytesIO(content), formats=[_READ[kind]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused("This picture has too many pixels.")
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            return _saved(upright, kind)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise FileRefused("This picture has too many pixels.") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise FileRefused("This picture cannot be read. Is the file whole?") from error


def _saved(picture: Image.Image, kind: str) -> tuple[str, bytes]:
    is_clear = picture.has_transparency_data
    becomes = JPEG if kind != PNG and not is_clear else PNG
    plain = picture.convert("RGBA" if is_clear and becomes == PNG else "RGB")
    plain.info = {}
    out = BytesIO()
    plain.save(out, _READ[becomes], quality=88, optimize=True)
    return becomes, out.getvalue()


def _named(name: str, ending: str) -> str:
    """The last part of a path, printable, with the ending of what it is."""
    last = _UNPRINTABLE.sub("", re.split(r"[\\/]", name)[-1]).strip(" .")
    stem = PurePath(last).stem or "file"
    return f"{stem[: LONGEST_NAME - len(ending)]}{ending}"
