"""The sandbox company: one database behind the sandbox ERP, CRM and mail, seeded once from a folder of CSV files."""

from activities.company.opening import company
from activities.company.staff import staff

__all__ = ["company", "staff"]
