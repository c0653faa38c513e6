"""Customers, job types, jobs, and what was done on them."""

from jobs.models.customers import Contact, Customer, LeadSource
from jobs.models.jobs import Job, JobStatus, JobSupply, JobType, LabourEntry, Pricing

__all__ = [
    "Contact",
    "Customer",
    "Job",
    "JobStatus",
    "JobSupply",
    "JobType",
    "LabourEntry",
    "LeadSource",
    "Pricing",
]
