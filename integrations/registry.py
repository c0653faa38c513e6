"""Which accounting packages there are. The only place that makes a provider."""

from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.module_loading import import_string

from integrations.contracts import Provider


@dataclass(frozen=True, slots=True)
class Package:
    """A package as the drop-down offers it; `is_available` when it can be connected to."""

    slug: str
    label: str
    is_available: bool


PACKAGES = (
    ("xero", "Xero"),
    ("quickbooks", "QuickBooks"),
    ("myob-live", "MYOB Live"),
    ("myob-essentials", "MYOB Essentials"),
)


def packages() -> list[Package]:
    """Every package that is offered or announced, in the order of the drop-down."""
    return [Package(slug, label, slug in settings.ACCOUNTING_PROVIDERS) for slug, label in PACKAGES]


@cache
def provider_for(slug: str) -> Provider:
    """The provider, made once per process from its settings. KeyError for one that is not there."""
    path, config = settings.ACCOUNTING_PROVIDERS[slug]
    provider: Provider = import_string(path)(config)
    return provider
