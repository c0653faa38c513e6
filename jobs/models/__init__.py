"""Customers, job types, jobs, and what was done on them."""

from jobs.models.customers import Contact, Customer, CustomerQuerySet, LeadSource
from jobs.models.jobs import Job, JobQuerySet, JobStatus, JobSupply, JobType, LabourEntry, Pricing

__all__ = [
    "Contact",
    "Customer",
    "CustomerQuerySet",
    "Job",
    "JobQuerySet",
    "JobStatus",
    "JobSupply",
    "JobType",
    "LabourEntry",
    "LeadSource",
    "Pricing",
]
