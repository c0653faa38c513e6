"""Who runs this installation is written to when 70 and 90 per cent of a month's reads are used."""

import logging

from django.conf import settings
from django.core.mail import send_mail

from integrations.metering import Month, Standing, months
from integrations.models import MonthOfReads

logger = logging.getLogger(__name__)

_WHAT_IT_MEANS = {
    Standing.HIGH: "Nothing is slower yet. From 90 % on, regular readings become rarer.",
    Standing.SCARCE: "Regular readings have become rarer, so that announced changes can be read"
    " until the month ends. What businesses send is not affected.",
    Standing.ENDED: "QuickBooks refuses further reads. What businesses send still goes there; what"
    " changes there is read when it allows reads again.",
}


def tell_of_reads() -> None:
    """Write once for each standing that a month reaches, whoever notices it first. Speaks to the
    mail server, so never inside a transaction. A letter that fails is not written again: the
    metrics wake somebody, too.
    """
    for provider, month in months().items():
        if month.standing > month.told and _is_first(provider, month) and settings.OPERATOR_EMAIL:
            _write(provider, month)


def _is_first(provider: str, month: Month) -> bool:
    rows = MonthOfReads.objects.filter(provider=provider, month=month.first)
    return rows.filter(told__lt=month.standing).update(told=month.standing) > 0


def _write(provider: str, month: Month) -> None:
    used = f"{month.reads:,} of {month.allowed:,} reads, {month.percent} %"
    try:
        send_mail(
            f"Ascora: {used} of {month.first:%B} are used",
            f"{used}, of {provider} in {month.first:%B %Y} (UTC).\n\n"
            f"{_WHAT_IT_MEANS[month.standing]}\n\n"
            "The runbook says what can be done: docs/runbook.md.\n",
            settings.DEFAULT_FROM_EMAIL,
            [settings.OPERATOR_EMAIL],
        )
    except OSError as error:
        # The metrics and the lamp say it too.
        logger.warning(
            "nobody was told of the month's reads", extra={"error": type(error).__name__}
        )
