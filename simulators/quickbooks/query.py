"""The query language, read into a plan (field guide 4); errors in the parser's own words."""

import re
from dataclasses import dataclass, field

from simulators.quickbooks.faults import query_invalid, query_unparsable

TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:\\.|[^'\\])*')|(?P<operator><=|>=|!=|=|<|>)|(?P<mark>[(),*])"
    r"|(?P<number>-?\d+(?:\.\d+)?(?![\w]))|(?P<word>[A-Za-z_][\w]*(?:\.[A-Za-z_]\w*)*)"
    r"|(?P<other>\S))"
)
EXPECTED = (
    '<EOF> \n    "." ...\n    <AND> ...\n    "between" ...\n    "contains" ...\n    "=" ...\n'
    '    "in" ...\n    "iterator" ...\n    "like" ...\n    "maxresults" ...\n    "!=" ...\n'
    '    <NOT> ...\n    <OR> ...\n    "order" ...\n    "orderby" ...\n    "startposition" ...\n    '
)
MOST = 1000
USUAL = 100


@dataclass(frozen=True)
class Token:
    """A word of the statement and where it stands."""

    kind: str
    text: str
    column: int

    @property
    def lower(self) -> str:
        """The word for comparing."""
        return self.text.lower() if self.kind == "word" else self.text


@dataclass(frozen=True)
class Condition:
    """One comparison."""

    field: str
    operator: str
    values: tuple[str, ...]


@dataclass
class Query:
    """What a statement asks for."""

    entity: str = ""
    fields: list[str] = field(default_factory=list)
    count: bool = False
    conditions: list[Condition] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)
    start: int = 1
    limit: int = USUAL


def parse(statement: str) -> Query:
    """Read a statement."""
    return Parser(_tokens(statement)).query()


def _tokens(statement: str) -> list[Token]:
    tokens = []
    for match in TOKEN.finditer(statement.rstrip().rstrip(";")):
        kind = match.lastgroup or "other"
        tokens.append(Token(kind, match.group(kind), match.start(kind) + 1))
    return tokens


def _unquote(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


class Parser:
    """Recursive descent over the tokens."""

    def __init__(self, tokens: list[Token]) -> None:
        last = tokens[-1].column + len(tokens[-1].text) if tokens else 1
        self.tokens = [*tokens, Token("end", "", last)]
        self.place = 0
        self.result = Query()

    @property
    def token(self) -> Token:
        """The present token."""
        return self.tokens[self.place]

    def take(self) -> Token:
        """The present token, and go on."""
        token = self.token
        if token.kind != "end":
            self.place += 1
        return token

    def refuse(self, expected: str = EXPECTED, token: Token | None = None) -> Exception:
        """4000 at the present place."""
        at = token or self.token
        seen = (
            f'" <IDENTIFIER> "{at.text} ""' if at.kind == "word" else f'" "{at.text}" "{at.text} ""'
        )
        if at.kind == "end":
            seen = '"<EOF>"'
        one_of = "" if expected.startswith('"') else " one of"
        place = f"at line 1, column {at.column}"
        return query_unparsable(
            f"Encountered {seen} {place}.\nWas expecting{one_of}:\n    {expected}"
        )

    def expect(self, word: str) -> None:
        """A keyword or mark that must stand here."""
        if self.token.lower != word:
            raise self.refuse(f'"{word}" ...\n    ')
        self.take()

    def query(self) -> Query:
        """The whole statement."""
        self.expect("select")
        self._selection()
        self.expect("from")
        if self.token.kind != "word":
            raise self.refuse("<IDENTIFIER> ...\n    ")
        self.result.entity = self.take().text
        if self.token.lower == "where":
            self.take()
            self._conditions()
        self._tail()
        return self.result

    def _selection(self) -> None:
        if self.token.text == "*":
            self.take()
            return
        while True:
            if self.token.kind != "word":
                raise self.refuse("<IDENTIFIER> ...\n    ")
            word = self.take()
            if word.lower == "count" and self.token.text == "(":
                for mark in ("(", "*", ")"):
                    self.expect(mark)
                self.result.count = True
                return
            self.result.fields.append(word.text)
            if self.token.text != ",":
                return
            self.take()

    def _conditions(self) -> None:
        while True:
            self.result.conditions.append(self._condition())
            if self.token.lower != "and":
                return
            self.take()

    def _condition(self) -> Condition:
        if self.token.kind != "word":
            raise self.refuse("<IDENTIFIER> ...\n    ")
        name = self.take().text
        at = self.token
        operator = self.take().lower
        if operator in ("=", "!=", "<", ">", "<=", ">=", "like"):
            if operator not in ("=", "!=") and self.token.kind in ("word", "number"):
                raise self.refuse(token=at)
            return Condition(name, operator, (self._value(),))
        if operator == "in":
            return Condition(name, "in", self._values())
        if operator == "between":
            low = self._value()
            self.expect("and")
            return Condition(name, "between", (low, self._value()))
        raise self.refuse(token=at)

    def _values(self) -> tuple[str, ...]:
        self.expect("(")
        values = [self._value()]
        while self.token.text == ",":
            self.take()
            values.append(self._value())
        self.expect(")")
        return tuple(values)

    def _value(self) -> str:
        token = self.token
        if token.kind == "string":
            self.take()
            return _unquote(token.text)
        if token.lower in ("true", "false"):
            self.take()
            return token.lower
        raise self.refuse("<STRING> ...\n    ")

    def _tail(self) -> None:
        handlers = {
            "orderby": self._order,
            "order": self._order,
            "startposition": self._start,
            "maxresults": self._limit,
        }
        while self.token.kind != "end":
            handler = handlers.get(self.token.lower)
            if handler is None:
                raise self.refuse()
            handler()

    def _order(self) -> None:
        if self.take().lower == "order":
            self.expect("by")
        while True:
            name = self.take()
            if name.kind != "word":
                raise self.refuse("<IDENTIFIER> ...\n    ", name)
            descending = self.token.lower == "desc"
            if self.token.lower in ("asc", "desc"):
                self.take()
            self.result.order.append((name.text, descending))
            if self.token.text != ",":
                return
            self.take()

    def _position(self) -> int:
        self.take()
        token = self.take()
        text = _unquote(token.text) if token.kind == "string" else token.text
        if not text.lstrip("-").isdigit():
            raise self.refuse("<NUMBER> ...\n    ", token)
        value = int(text)
        if value < 1:
            raise query_invalid(f"value {value} is too small. Min allowed value is 1")
        return value

    def _start(self) -> None:
        self.result.start = self._position()

    def _limit(self) -> None:
        value = self._position()
        if value > MOST:
            raise query_invalid(f"value {value} is too large. Max allowed value is {MOST}")
        self.result.limit = value
