"""Files of attachables: kept in the store, fetched by signed addresses that soon end."""

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from simulators.quickbooks.store import Document

if TYPE_CHECKING:
    from simulators.quickbooks.books import Books

LIFETIME = 900


def keep(books: "Books", identifier: str, content: bytes) -> None:
    """Store the bytes of a file."""
    books.store.execute(
        "INSERT OR REPLACE INTO files VALUES (?, ?, ?)", (books.realm, identifier, content)
    )


def drop(books: "Books", identifier: str) -> None:
    """Forget the bytes of a file."""
    books.store.execute("DELETE FROM files WHERE realm = ? AND id = ?", (books.realm, identifier))


def content_of(books: "Books", identifier: str) -> bytes | None:
    """The bytes of a file, if it is there."""
    row = books.store.row(
        "SELECT content FROM files WHERE realm = ? AND id = ?", books.realm, identifier
    )
    return bytes(row["content"]) if row else None


def access_uri(books: "Books", identifier: str) -> str:
    """The lasting address, which asks for a token and answers with a temporary one."""
    return f"/v3/company/{books.realm}/download/{identifier}"


def temporary_uri(books: "Books", document: Document) -> str:
    """An address without a token that works for a quarter of an hour."""
    expires = int(books.moment) + LIFETIME
    path = f"/attachments/{books.realm}/{document['Id']}/{quote(document['FileName'], safe='')}"
    signed = {"Expires": expires, "Signature": _signature(books, document["Id"], expires)}
    return f"{books.public_url}{path}?{urlencode(signed)}"


def may_fetch(books: "Books", identifier: str, expires: str, signature: str) -> bool:
    """Whether a temporary address is one of ours and still good."""
    if not expires.isdigit() or int(expires) < books.moment:
        return False
    return hmac.compare_digest(signature, _signature(books, identifier, int(expires)))


def _signature(books: "Books", identifier: str, expires: int) -> str:
    key = f"{books.realm}:{books.facts['user']}".encode()
    return hmac.new(key, f"{identifier}:{expires}".encode(), hashlib.sha256).hexdigest()
