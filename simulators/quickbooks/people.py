"""Untidy but valid customers, the same ones for the same seed."""

import random
from typing import Any

Document = dict[str, Any]

GIVEN = [
    "Aroha",
    "Bruce",
    "Cheryl",
    "Dean",
    "Erin",
    "Fatima",
    "Graham",
    "Hana",
    "Ivan",
    "Jo-Anne",
    "Kwame",
    "Lleyton",
    "Mei",
    "Nigel",
    "Oona",
    "Priya",
    "Quentin",
    "Rosalía",
    "Siobhán",
    "Tran",
    "Ulrich",
    "Vesna",
    "Wayne",
    "Xanthe",
    "Yusuf",
    "Zoë",
]
FAMILY = [
    "Abbott",
    "Brown",
    "Caruana",
    "Dimitriou",
    "Edwards",
    "Fitzgerald",
    "García",
    "Hughes",
    "Iliopoulos",
    "Jenkins",
    "Kowalski",
    "Lê",
    "McAllister",
    "Nguyen",
    "O'Brien",
    "Papadopoulos",
    "Quinn",
    "Robinson",
    "Singh",
    "Takahashi",
    "Ujvari",
    "Van-der-Berg",
    "Williams",
    "Xu",
    "Young",
    "Zammit",
]
TRADES = [
    "Plumbing",
    "Cafe",
    "Motors",
    "Dental",
    "Bakery",
    "Strata",
    "Childcare",
    "Holdings",
    "Florist",
    "Butchers",
    "Gym",
    "Properties",
    "Real-Estate",
    "Pharmacy",
    "Engineering",
    "Winery",
]
STREETS = [
    "George",
    "King",
    "Victoria",
    "Albert",
    "Elizabeth",
    "Church",
    "Station",
    "Park",
    "Wattle",
    "Banksia",
]
KINDS = ("St", "Street", "Rd", "road", "Ave", "Lane", "CRES")
TOWNS = (
    ("Marrickville", "NSW", "2204"),
    ("Parramatta", "NSW", "2150"),
    ("St Kilda", "VIC", "3182"),
    ("Fremantle", "WA", "6160"),
    ("Toowoomba", "QLD", "4350"),
    ("Glenelg", "SA", "5045"),
    ("Launceston", "TAS", "7250"),
)


def customers(count: int, seed: int) -> list[Document]:
    """Request bodies for so many customers."""
    chance = random.Random(seed)  # noqa: S311 - repeatable stories, not secrets
    taken: set[str] = set()
    return [_customer(chance, place, taken) for place in range(count)]


def _customer(chance: random.Random, place: int, taken: set[str]) -> Document:
    given, family = chance.choice(GIVEN), chance.choice(FAMILY)
    company = f"{family}'s {chance.choice(TRADES)}" if chance.random() < 0.35 else ""
    name = _display_name(chance, given, family, company)
    while name.lower() in taken:
        name = f"{name.split(' #')[0]} #{place + 1}"
    taken.add(name.lower())
    body: Document = {"DisplayName": name}
    if not company or chance.random() < 0.6:
        body.update(GivenName=given, FamilyName=family)
    if company:
        body["CompanyName"] = company
    _contact(chance, body, given, family, place)
    return body


def _display_name(chance: random.Random, given: str, family: str, company: str) -> str:
    if company:
        return chance.choice([company, f"{company} Pty Ltd", f"THE {company.upper()}"])
    return chance.choice([f"{given} {family}", f"{family}, {given}", f"Mr & Mrs {family}"])


def _contact(chance: random.Random, body: Document, given: str, family: str, place: int) -> None:
    draw = chance.random
    if draw() < 0.8:
        local = "".join(each for each in f"{given}.{family}".lower() if each.isascii())
        local = local.replace("'", "")
        body["PrimaryEmailAddr"] = {"Address": f"{local}{place}@example.com"}
    if draw() < 0.75:
        number = chance.randrange(10_000_000, 99_999_999)
        form = chance.choice(["04{}", "(02) {}", "+61 4{}"])
        body["PrimaryPhone"] = {"FreeFormNumber": form.format(number)}
    if draw() < 0.2:
        body["Mobile"] = {"FreeFormNumber": f"0{chance.randrange(400_000_000, 499_999_999)}"}
    if draw() < 0.85:
        body["BillAddr"] = _address(chance)
    if draw() < 0.25:
        body["ShipAddr"] = _address(chance)
    if draw() < 0.15:
        body["Notes"] = "Gate code on file.\nDog in yard - ring first."


def _address(chance: random.Random) -> Document:
    town, state, code = chance.choice(TOWNS)
    street = f"{chance.choice(STREETS)} {chance.choice(KINDS)}"
    address = {"Line1": f"{chance.randrange(1, 400)} {street}", "City": town}
    if chance.random() < 0.2:
        address = {"Line1": f"Unit {chance.randrange(1, 30)}", "Line2": address["Line1"]} | {
            "City": town
        }
    return {**address, "CountrySubDivisionCode": state, "PostalCode": code, "Country": "Australia"}
