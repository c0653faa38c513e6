"""Customers, job types, jobs, and what was done on them."""

from jobs.models.allocations import JobAllocation
from jobs.models.customers import Contact, Customer, CustomerQuerySet, LeadSource
from jobs.models.expenses import Expense, ExpenseQuerySet, ExpenseStatus
from jobs.models.flow import ENDS, statuses_after
from jobs.models.jobs import Job, JobQuerySet, JobStatus, JobSupply, JobType, LabourEntry, Pricing
from jobs.models.terms import LONGEST_TERM, PaymentTerm

__all__ = [
    "ENDS",
    "LONGEST_TERM",
    "Contact",
    "Customer",
    "CustomerQuerySet",
    "Expense",
    "ExpenseQuerySet",
    "ExpenseStatus",
    "Job",
    "JobAllocation",
    "JobQuerySet",
    "JobStatus",
    "JobSupply",
    "JobType",
    "LabourEntry",
    "LeadSource",
    "PaymentTerm",
    "Pricing",
    "statuses_after",
]
