"""What an electrical business writes on jobs and supplies; long and untidy on purpose."""
# ruff: noqa: E501 - one supply, one task a line

WORKERS = (
    "Mick Donnelly",
    "Sunita Rao",
    "Jack Papadopoulos",
    "Lan Nguyen",
    "Tom (apprentice)",
    "Bartholomew Featherstonehaugh-Cholmondeley",
)

LEAD_SOURCES = ("Google", "Word of mouth", "Van signage", "Real estate agent", "Repeat customer")

JOB_TYPES = (
    ("Domestic", "#2fb344"),
    ("Commercial", "#206bc4"),
    ("Strata", "#ae3ec9"),
    ("Solar & Battery", "#f59f00"),
    ("Emergency call-out", "#d63939"),
    ("Test & Tag", "#17a2b8"),
)

# Part number, description, unit, cost, sell price, taxed.
SUPPLIES = (
    ("LED-DL-10W", "LED downlight 10 W tri-colour, dimmable, IP44", "each", "11.90", "24.50", True),
    ("LED-DL-13W", "LED downlight 13 W tri-colour, dimmable, IP65", "each", "14.20", "29.00", True),
    ("GPO-DBL", "Double power point, white, 10 A", "each", "6.35", "14.50", True),
    ("GPO-USB", "Double power point with USB-A + USB-C", "each", "31.80", "64.00", True),
    ("RCBO-20", "RCBO 20 A 30 mA single pole + neutral", "each", "27.40", "58.00", True),
    ("RCBO-32", "RCBO 32 A 30 mA single pole + neutral", "each", "29.95", "62.50", True),
    ("MCB-16", "Circuit breaker 16 A C-curve", "each", "8.10", "19.00", True),
    ("SMK-240", "Smoke alarm 240 V photoelectric, interconnected, with back-up", "each", "46.00", "98.00", True),
    ("CAB-2.5", "2.5 mm2 twin + earth TPS cable", "m", "1.4250", "3.2750", True),
    ("CAB-4.0", "4.0 mm2 twin + earth TPS cable", "m", "2.3800", "5.1500", True),
    ("CAB-6.0", "6.0 mm2 twin + earth TPS cable", "m", "3.9125", "7.9990", True),
    ("CAB-CAT6", "Cat 6 data cable, blue", "m", "0.6150", "1.6667", True),
    ("CON-25", "25 mm conduit, grey, 4 m length", "each", "7.20", "15.00", True),
    ("SWB-24", "Switchboard enclosure 24 pole, metal", "each", "118.00", "236.00", True),
    ("FAN-EXH", "Exhaust fan 250 mm, ducted", "each", "61.00", "124.00", True),
    ("FAN-CLG", "Ceiling fan 52 inch with light and remote (customer's choice of colour)", "each", "189.00", "335.00", True),
    ("EV-7KW", "EV charger 7 kW type 2, single phase", "each", "742.00", "1190.00", True),
    ("INV-5KW", "Solar inverter 5 kW, single phase", "each", "1015.00", "1480.00", True),
    ("PNL-440", "Solar panel 440 W, black frame", "each", "129.50", "228.00", True),
    ("HIRE-EWP", "Elevated work platform, hire per day", "day", "165.00", "310.00", True),
    ("HIRE-SAW", "Concrete saw, hire per day", "day", "48.00", "95.00", True),
    ("SND-BAG", "Sundries: screws, clips, tape, connectors", "lot", "4.00", "12.00", True),
    ("CERT-ES", "Certificate of compliance, lodgement fee passed on at cost", "each", "38.20", "38.20", False),
    ("METER-FEE", "Distributor's meter exchange fee passed on at cost", "each", "104.55", "104.55", False),
)  # fmt: skip

TASKS = (
    "Replace switchboard, {n} circuits, fit RCBOs throughout and label",
    "Install {n} LED downlights in living areas and hall, remove old halogens",
    "No power to kitchen since the storm. Fault find and repair",
    "Fit interconnected smoke alarms to all bedrooms and hall, {n} in all",
    "Install EV charger in garage, run new 32 A circuit from main board",
    "Quarterly test and tag, about {n} items, site contact will meet you at the loading dock",
    "Ceiling fans in {n} bedrooms, make good the old light points",
    "Upgrade consumer mains to three phase, liaise with distributor about the outage",
    "Emergency lighting inspection and report, replace failed fittings found",
    "Water ingress in outdoor power point - make safe, replace with weatherproof",
    "Rewire granny flat: {n} power points, {n} lights, oven, split system, data",
    "Car park lighting: {n} fittings out, replace with LED battens, night work only",
)

LONG_TASK = (
    "Strata common property, levels 1 to 14: replace all stairwell fittings with LED emergency "
    "combination units, "
    "test every exit sign, supply the logbook and marked-up drawings. Access only between 10:00 and 14:00 on "
    "weekdays, lift to be booked with the building manager 48 hours ahead, induction on the first day, parking in "
    "the loading dock only (2.1 m clearance!). Invoice must quote the strata plan and the order number. "
)

STREETS = (
    "Acacia Avenue", "Banksia Street", "Bourke Road", "Casuarina Close", "Darling Parade", "Eucalyptus Drive",
    "Flinders Lane", "Grevillea Way", "Harbour View Terrace", "Jacaranda Place", "Kookaburra Court", "Wattle Grove",
)  # fmt: skip

SUBURBS = (
    ("Balmain", "2041"), ("Bondi Junction", "2022"), ("Chatswood", "2067"), ("Cronulla", "2230"),
    ("Dee Why", "2099"), ("Glebe", "2037"), ("Hornsby", "2077"), ("Leichhardt", "2040"),
    ("Marrickville", "2204"), ("Parramatta", "2150"), ("Surry Hills", "2010"), ("Wahroonga", "2076"),
)  # fmt: skip

# Name, e-mail, phone, street, suburb, postcode, account code, days to pay.
SUPPLIERS = (
    ("Southern Cable & Switchgear", "accounts@southerncable.example", "02 5550 2001", "9 Ricketty Street", "Mascot", "2020", "", "30"),
    ("Lumen Wholesale Lighting", "ar@lumen.example", "02 5550 2044", "112 Parramatta Road", "Leichhardt", "2040", "", "30"),
    ("Harbour Test Instruments", "billing@harbourtest.example", "02 5550 2090", "3 Orchard Road", "Chatswood", "2067", "6100", "14"),
    ("Reach Access Hire", "accounts@reachhire.example", "02 5550 2107", "40 Carrington Road", "Marrickville", "2204", "", "14"),
    ("Inner West Tip & Recycling", "", "02 5550 2222", "1 Princes Highway", "St Peters", "2044", "", "7"),
)  # fmt: skip

# Days ago, supplier, quantities of the supplies that came.
DELIVERIES = (
    (41, 0, (120, 6)), (38, 1, (24,)), (33, 0, (60, 12, 4)), (29, 3, (2,)), (26, 1, (18, 6)),
    (21, 0, (200, 8)), (16, 2, (1, 3)), (12, 1, (36,)), (8, 0, (80, 10)), (5, 3, (1,)), (1, 0, (40, 6)), (0, 1, (12, 3)),
)  # fmt: skip

# What is younger is still a draft.
DRAFT_DAYS = 1

# Days ago, what, supplier, cost with tax, paid from (nothing: to be paid), mark-up in per cent (nothing: not charged on).
EXPENSES = (
    (27, "Scaffold tower, two days", 3, "352.00", "", "15"), (22, "Parking, loading dock", None, "46.00", "1100", ""),
    (18, "Council permit, footpath closure", None, "185.00", "1100", "10"), (13, "Tip fees, old switchboard", 4, "66.00", "", "10"),
    (7, "Fixings from the hardware shop", None, "38.94", "1110", ""), (1, "Crane lift, half an hour", 3, "275.00", "", "20"),
)  # fmt: skip
