"""Files on documents: what they are called and where they hang. Pure."""

from integrations.comparison.likeness import Essence, Likeness
from integrations.contracts import AttachmentDraft, AttachmentRecord


def _there(record: AttachmentRecord) -> Essence:
    return {
        "file_name": record.file_name,
        "target_ids": list(record.target_ids),
        "marker": record.marker,
    }


def _sent(draft: AttachmentDraft) -> tuple[str, str]:
    return (draft.marker, draft.target_id)


def _shown(record: AttachmentRecord) -> tuple[str, str]:
    return (record.marker, record.target_ids[0] if record.target_ids else "")


ATTACHMENT = Likeness(essence=_there, sent=_sent, shown=_shown)
