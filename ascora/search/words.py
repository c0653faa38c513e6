"""Folding text to words. Pure."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_WORD = 40
_WORD = re.compile(r"[a-z0-9]+")


def fold(text: str) -> str:
    """Lower case without accents or apostrophes, so that O'Neil, ONEIL and Oneil are one word."""
    if text.isascii():
        return text.lower().replace("'", "")
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return plain.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")


def words_of(*texts: str) -> set[str]:
    """The distinct words of some texts; an e-mail address gives its parts."""
    return {word[:LONGEST_WORD] for word in _WORD.findall(fold("\n".join(texts)))}


def beginnings_in(query: str) -> list[str]:
    """What a person typed into a search box, as beginnings of words."""
    return sorted(words_of(query))


def following(beginning: str) -> str:
    """The first text after every text that begins so (folded words are plain ASCII)."""
    return beginning[:-1] + chr(ord(beginning[-1]) + 1)


def rows_for(texts: Iterable[str]) -> list[str]:
    """Words in a stable order, without those that another one begins with: they find no more."""
    words = sorted(words_of(*texts))
    after = [*words[1:], ""]
    return [word for word, longer in zip(words, after, strict=True) if not longer.startswith(word)]
