"""Countries, currencies and time zones that a business can choose from."""

from functools import cache
from zoneinfo import available_timezones

COUNTRIES = {
    "AU": "Australia",
    "CA": "Canada",
    "IE": "Ireland",
    "NZ": "New Zealand",
    "SG": "Singapore",
    "ZA": "South Africa",
    "GB": "United Kingdom",
    "US": "United States",
}
CURRENCIES = {
    "AUD": "Australian dollar (AUD)",
    "CAD": "Canadian dollar (CAD)",
    "EUR": "Euro (EUR)",
    "GBP": "British pound (GBP)",
    "NZD": "New Zealand dollar (NZD)",
    "SGD": "Singapore dollar (SGD)",
    "USD": "United States dollar (USD)",
    "ZAR": "South African rand (ZAR)",
}
_REGIONS = ("Australia", "Pacific", "America", "Europe", "Africa", "Asia", "Atlantic", "Indian")


@cache
def time_zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices by region, Australia first; a choice reads as its city."""
    zones = sorted(available_timezones())
    return [
        (
            region,
            [
                (zone, zone.partition("/")[2].replace("_", " ").replace("/", ", "))
                for zone in zones
                if zone.startswith(f"{region}/")
            ],
        )
        for region in _REGIONS
    ]
