"""The chart of accounts, tax codes and lists that a new company starts with."""

from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
AccountRow = tuple[str, str, str, str]

AUSTRALIAN: tuple[AccountRow, ...] = (
    ("1100", "Business Cheque Account", "Bank", "Checking"),
    ("1110", "Savings", "Bank", "Savings"),
    ("1120", "Petty Cash", "Bank", "CashOnHand"),
    ("1150", "Card Clearing", "Other Current Asset", "OtherCurrentAssets"),
    ("1190", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("1200", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("1300", "Stock on Hand", "Other Current Asset", "Inventory"),
    ("1500", "Tools and Equipment", "Fixed Asset", "MachineryAndEquipment"),
    ("1510", "Motor Vehicles", "Fixed Asset", "Vehicles"),
    ("2100", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("2150", "Business Credit Card", "Credit Card", "CreditCard"),
    ("2200", "GST Liabilities Payable", "Other Current Liability", "GlobalTaxPayable"),
    ("2300", "PAYG Withholding Payable", "Other Current Liability", "OtherCurrentLiabilities"),
    ("2400", "Customer Deposits", "Other Current Liability", "OtherCurrentLiabilities"),
    ("2500", "Vehicle Loan", "Long Term Liability", "OtherLongTermLiabilities"),
    ("3000", "Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("3100", "Owner's Equity", "Equity", "OwnersEquity"),
    ("3900", "Retained Earnings", "Equity", "RetainedEarnings"),
    ("4000", "Sales", "Income", "OtherPrimaryIncome"),
    ("4100", "Labour Income", "Income", "ServiceFeeIncome"),
    ("4110", "Domestic Labour", "Income", "ServiceFeeIncome"),
    ("4200", "Materials Income", "Income", "SalesOfProductIncome"),
    ("4210", "Domestic Materials", "Income", "SalesOfProductIncome"),
    ("4220", "Electrical Parts", "Income", "SalesOfProductIncome"),
    ("4300", "Card Surcharges", "Income", "OtherPrimaryIncome"),
    ("4400", "Equipment Hire", "Income", "OtherPrimaryIncome"),
    ("4500", "Rounding", "Other Income", "OtherMiscellaneousIncome"),
    ("4800", "Discounts Given", "Income", "DiscountsRefundsGiven"),
    ("4900", "Credit Notes Given", "Income", "DiscountsRefundsGiven"),
    ("5100", "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("5200", "Materials Purchased", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("5300", "Subcontractors", "Cost of Goods Sold", "CostOfLaborCos"),
    ("6100", "Advertising", "Expense", "AdvertisingPromotional"),
    ("6200", "Bank Charges", "Expense", "BankCharges"),
    ("6210", "Merchant Fees", "Expense", "BankCharges"),
    ("6300", "Motor Vehicle Expenses", "Expense", "Auto"),
    ("6400", "Insurance", "Expense", "Insurance"),
    ("6500", "Office Expenses", "Expense", "OfficeGeneralAdministrativeExpenses"),
    ("6600", "Rent", "Expense", "RentOrLeaseOfBuildings"),
    ("6700", "Telephone and Internet", "Expense", "Utilities"),
    ("6800", "Wages and Salaries", "Expense", "PayrollExpenses"),
    ("6900", "Bad Debts", "Expense", "BadDebts"),
    ("8000", "Interest Received", "Other Income", "InterestEarned"),
    ("9000", "Interest Paid", "Other Expense", "OtherMiscellaneousExpense"),
)
AMERICAN: tuple[AccountRow, ...] = (
    ("1000", "Checking", "Bank", "Checking"),
    ("1010", "Savings", "Bank", "Savings"),
    ("1150", "Card Clearing", "Other Current Asset", "OtherCurrentAssets"),
    ("1190", "Undeposited Funds", "Other Current Asset", "UndepositedFunds"),
    ("1200", "Accounts Receivable (A/R)", "Accounts Receivable", "AccountsReceivable"),
    ("1300", "Inventory Asset", "Other Current Asset", "Inventory"),
    ("1500", "Truck", "Fixed Asset", "Vehicles"),
    ("2100", "Accounts Payable (A/P)", "Accounts Payable", "AccountsPayable"),
    ("2150", "Mastercard", "Credit Card", "CreditCard"),
    ("2200", "Board of Equalization Payable", "Other Current Liability", "GlobalTaxPayable"),
    ("2500", "Notes Payable", "Long Term Liability", "OtherLongTermLiabilities"),
    ("3000", "Opening Balance Equity", "Equity", "OpeningBalanceEquity"),
    ("3900", "Retained Earnings", "Equity", "RetainedEarnings"),
    ("4000", "Services", "Income", "ServiceFeeIncome"),
    ("4100", "Labor Income", "Income", "ServiceFeeIncome"),
    ("4200", "Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("4300", "Card Surcharges", "Income", "OtherPrimaryIncome"),
    ("4800", "Discounts given", "Income", "DiscountsRefundsGiven"),
    ("4900", "Refunds-Allowances", "Income", "DiscountsRefundsGiven"),
    ("5100", "Cost of Goods Sold", "Cost of Goods Sold", "SuppliesMaterialsCogs"),
    ("6100", "Advertising", "Expense", "AdvertisingPromotional"),
    ("6200", "Bank Charges", "Expense", "BankCharges"),
    ("6300", "Automobile", "Expense", "Auto"),
    ("6400", "Insurance", "Expense", "Insurance"),
    ("6600", "Rent or Lease", "Expense", "RentOrLeaseOfBuildings"),
    ("8000", "Interest Earned", "Other Income", "InterestEarned"),
    ("9000", "Miscellaneous", "Other Expense", "OtherMiscellaneousExpense"),
)


@dataclass(frozen=True)
class TaxCodeRow:
    """A tax code with its sales and purchase rates: (rate id, rate name, percent)."""

    code: str
    name: str
    description: str
    sales: tuple[tuple[str, str, str], ...] = ()
    purchase: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True)
class Country:
    """What differs from one country to another."""

    code: str
    zone: str
    currency: Document
    ship_from: Document
    chart: tuple[AccountRow, ...]
    tax_codes: tuple[TaxCodeRow, ...]
    default_tax_code: str
    default_item: str
    income_number: str
    sales_field: str
    agency: str
    numbers: dict[str, str] = field(default_factory=dict)


NUMBERS = {
    "receivable": "1200",
    "undeposited": "1190",
    "payable": "2100",
    "tax": "2200",
    "discounts": "4800",
}
COUNTRIES = {
    "AU": Country(
        code="AU",
        zone="Australia/Sydney",
        currency={"value": "AUD", "name": "Australian Dollar"},
        ship_from={"Id": "1", "Line1": "12 Foundry Lane", "Line2": "Marrickville NSW  2204"},
        chart=AUSTRALIAN,
        tax_codes=(
            TaxCodeRow(
                "10",
                "GST",
                "Goods and services tax",
                (("20", "GST (sales)", "10"),),
                (("21", "GST (purchases)", "10"),),
            ),
            TaxCodeRow(
                "8",
                "GST free",
                "Goods and services without GST",
                (("8", "GST free (sales)", "0"),),
                (("9", "GST free (purchases)", "0"),),
            ),
            TaxCodeRow(
                "4",
                "Out of Scope",
                "Outside the GST system",
                (("4", "Out of scope (sales)", "0"),),
                (("5", "Out of scope (purchases)", "0"),),
            ),
            TaxCodeRow(
                "6",
                "Input tax",
                "Input taxed sales",
                (("6", "Input taxed (sales)", "0"),),
                (("7", "Input taxed (purchases)", "0"),),
            ),
            TaxCodeRow(
                "11",
                "GST on capital",
                "GST on capital purchases",
                (),
                (("22", "GST on capital", "10"),),
            ),
        ),
        default_tax_code="10",
        default_item="Services",
        income_number="4000",
        sales_field="Lead Source",
        agency="Australian Taxation Office",
        numbers=NUMBERS,
    ),
    "US": Country(
        code="US",
        zone="America/Los_Angeles",
        currency={"value": "USD", "name": "United States Dollar"},
        ship_from={"Id": "1", "Line1": "123 Sierra Way", "Line2": "San Pablo, CA  87999"},
        chart=AMERICAN,
        tax_codes=(
            TaxCodeRow("TAX", "TAX", "Taxable"),
            TaxCodeRow("NON", "NON", "Not taxable"),
            TaxCodeRow("2", "California", "California", (("3", "California", "8"),)),
            TaxCodeRow(
                "3",
                "Tucson",
                "Tucson",
                (("2", "Tucson City", "2"), ("1", "AZ State tax", "7.1")),
            ),
        ),
        default_tax_code="2",
        default_item="Services",
        income_number="4000",
        sales_field="Crew #",
        agency="Board of Equalization",
        numbers=NUMBERS,
    ),
}
TERMS = (("Due on receipt", 0), ("Net 7", 7), ("Net 14", 14), ("Net 30", 30), ("Net 60", 60))
PAYMENT_METHODS = (
    ("Cash", "NON_CREDIT_CARD"),
    ("Cheque", "NON_CREDIT_CARD"),
    ("Bank Transfer", "NON_CREDIT_CARD"),
    ("Visa", "CREDIT_CARD"),
    ("MasterCard", "CREDIT_CARD"),
    ("American Express", "CREDIT_CARD"),
    ("Direct Debit", "NON_CREDIT_CARD"),
)
