"""Reading PDFs in tests: their words, page by page, as a reader finds them."""

from io import BytesIO

from pypdf import PdfReader


def pages_of(content):
    """The text of each page; where a line was broken is forgotten."""
    texts = [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return [" ".join(text.replace("\N{ZERO WIDTH SPACE}", "").split()) for text in texts]


def words_of(content):
    """All of it."""
    return " ".join(pages_of(content))
