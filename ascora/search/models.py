"""One row per word of a searchable object."""

from typing import ClassVar

from django.db import models

from ascora.tenancy.models import Organization, OwnedModel


class SearchWord(OwnedModel):
    """A folded word of an object, compared bytewise: `>=` and `<` on text are leakproof and use the
    index.

    Nothing refers to a word and no address names one, so it has no unique keys beside its own (the
    words of an object share a `public_id`), and no index that begins another one. That its
    organization exists is for the wall to say, which accepts a word only from who acts for it. An
    import writes a dozen words for each customer; the keys took more of its time than the words.
    """

    organization = models.ForeignKey(
        Organization,
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    label = models.CharField(max_length=60)
    object_pk = models.BigIntegerField()
    word = models.CharField(max_length=40, db_collation="C")

    class Meta:
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
