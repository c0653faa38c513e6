"""Files that hang on a document of the books. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from integrations.contracts.identity import Kind, RemoteRef


@dataclass(frozen=True, slots=True)
class AttachmentDraft:
    """A file for one document. `sha256` is the hex digest of its bytes, which travel beside the
    draft and are not part of it; `marker` stands in the note and finds it again.
    """

    kind: ClassVar[Kind] = Kind.ATTACHMENT

    target_kind: Kind
    target_id: str
    file_name: str
    content_type: str
    sha256: str
    marker: str = ""


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    """A file as it hangs in the books. `size` in bytes, 0 when unknown."""

    ref: RemoteRef
    file_name: str
    content_type: str
    size: int
    target_ids: tuple[str, ...]
    marker: str
    changed_at: datetime
