"""A text column sealed with AES-256-GCM and bound to its row: table, column, organization and
public id.

A stored value is `v1.<key id>.<base64 of nonce + ciphertext + tag>`. Moved to another row, altered
by one bit or
without its key it raises BrokenSeal; nothing falls back to the stored text.
"""

import base64
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

_VERSION = "v1"
_NONCE_BYTES = 12
_KEY_BYTES = 32


class BrokenSeal(Exception):
    """The stored value cannot be opened here: altered, moved, or its key is gone."""


class Sealed(str):
    """A sealed value as it stands in the database."""

    __slots__ = ()

    @property
    def key_id(self) -> str:
        """Which key sealed it."""
        version, _, rest = self.partition(".")
        if version != _VERSION or "." not in rest:
            raise BrokenSeal("this value was never sealed")
        return rest.partition(".")[0]


def _keys() -> dict[str, bytes]:
    """Key id to key, newest first."""
    keys: dict[str, bytes] = {}
    for item in settings.FIELD_ENCRYPTION_KEYS:
        key_id, _, encoded = item.partition(":")
        key = base64.b64decode(encoded)
        if not key_id or "." in key_id or len(key) != _KEY_BYTES:
            raise ImproperlyConfigured("FIELD_ENCRYPTION_KEYS: each is id:base64-of-32-bytes.")
        keys[key_id] = key
    return keys


def newest_key_id() -> str:
    """The id of the key that new values are sealed with."""
    return next(iter(_keys()))


def seal(plaintext: str, *, bound_to: str) -> Sealed:
    """Seal under the newest key."""
    key_id, key = next(iter(_keys().items()))
    nonce = os.urandom(_NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, plaintext.encode(), bound_to.encode())
    return Sealed(f"{_VERSION}.{key_id}.{base64.b64encode(sealed).decode()}")


def unseal(value: Sealed, *, bound_to: str) -> str:
    """Open, or raise BrokenSeal."""
    try:
        version, key_id, encoded = value.split(".", 2)
        key = _keys()[key_id]
        raw = base64.b64decode(encoded, validate=True)
        if version != _VERSION:
            raise BrokenSeal("unknown version")
        opened = AESGCM(key).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode())
    except (InvalidTag, KeyError, ValueError) as error:
        raise BrokenSeal("this value cannot be opened in this row") from error
    return opened.decode()


class _Opener:
    """Reading the attribute opens the seal; writing keeps plain text until the row is saved."""

    def __init__(self, field: "SealedTextField") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        if isinstance(value, Sealed):
            return unseal(value, bound_to=self.field.binding(instance))
        return value

    def __set__(self, instance: models.Model, value: str) -> None:
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.TextField[Any, Any]):
    """Encrypted text. Empty stays empty. Only `save` may write it: an `update()` with plain text is
    refused.
    """

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        """Put the opener in the attribute's place."""
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opener(self))

    @property
    def binding_name(self) -> str:
        """Table and column, as reports name it."""
        return f"{self.model._meta.db_table}.{self.column}"

    def binding(self, instance: models.Model) -> str:
        """What the seal is bound to."""
        owner, row = instance.organization_id, instance.public_id  # type: ignore[attr-defined]
        return f"{instance._meta.db_table}|{self.column}|{owner}|{row}"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        """As stored; opened only when read."""
        return Sealed(value) if value else value

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Seal what was written since the row was read."""
        value = model_instance.__dict__.get(self.attname)
        if value and not isinstance(value, Sealed):
            value = seal(value, bound_to=self.binding(model_instance))
            model_instance.__dict__[self.attname] = value
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Refuse plain text on its way to the database."""
        if value and not isinstance(value, Sealed):
            raise TypeError("a sealed column is written by saving its row")
        return str(value) if value else value
