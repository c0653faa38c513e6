"""Forms of customers, contacts, jobs, the work on them, and the lists behind them."""

from jobs.forms.customers import ContactForm, CustomerForm
from jobs.forms.expenses import ExpenseForm
from jobs.forms.jobs import JobEditForm, JobForm
from jobs.forms.lists import JobTypeForm, LeadSourceForm
from jobs.forms.work import LabourForm, SupplyUseForm

__all__ = [
    "ContactForm",
    "CustomerForm",
    "ExpenseForm",
    "JobEditForm",
    "JobForm",
    "JobTypeForm",
    "LabourForm",
    "LeadSourceForm",
    "SupplyUseForm",
]
