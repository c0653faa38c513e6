"""The decimal columns of the house: amounts two places, quantities and unit prices four."""

from typing import Any

from django.db import models


class MoneyField(models.DecimalField[Any, Any]):
    """An amount in the organization's home currency, two decimal places."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)


class QuantityField(models.DecimalField[Any, Any]):
    """A quantity or a number of hours, four decimal places."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)


class UnitPriceField(QuantityField):
    """The price or cost of one unit, four decimal places."""


class PercentField(models.DecimalField[Any, Any]):
    """A rate in per cent (10.0000 is ten per cent), four decimal places."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 8)
        kwargs.setdefault("decimal_places", 4)
        super().__init__(*args, **kwargs)
