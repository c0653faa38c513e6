"""The Australian Business Number: eleven digits that check themselves. Pure."""

_WEIGHTS = (10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19)
_MODULUS = 89


class NotAnAbn(ValueError):
    """The digits are no ABN; the message says why."""


def abn_of(typed: str) -> str:
    """The ABN in groups as it is printed: 51 824 753 556."""
    digits = "".join(typed.split())
    if len(digits) != len(_WEIGHTS) or not (digits.isascii() and digits.isdecimal()):
        raise NotAnAbn("An ABN has 11 digits.")
    reduced = [int(digits[0]) - 1, *map(int, digits[1:])]
    weighed = sum(weight * digit for weight, digit in zip(_WEIGHTS, reduced, strict=True))
    if weighed % _MODULUS:
        raise NotAnAbn("This is not an ABN: check its digits.")
    return f"{digits[:2]} {digits[2:5]} {digits[5:8]} {digits[8:]}"
