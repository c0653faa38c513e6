"""One row per word of a searchable object."""

from typing import ClassVar

from django.db import models

from ascora.tenancy.constraints import owned_constraints
from ascora.tenancy.models import OwnedModel


class SearchWord(OwnedModel):
    """A folded word of an object, compared bytewise: `>=` and `<` on text are leakproof and use the
    index.
    """

    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    word = models.CharField(max_length=40, db_collation="C")

    class Meta:
        constraints = owned_constraints("search_word")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["organization", "label", "word", "object_pk"],
                name="search_word_by_beginning",
            ),
            models.Index(
                fields=["organization", "label", "object_pk"], name="search_word_by_object"
            ),
        ]

    def __str__(self) -> str:
        return self.word
