"""Purchasing in a company's own Tryton (`BATON_PURCHASING=tryton`), over its JSON-RPC; nothing of Tryton is imported.

Needs the modules purchase, account_invoice_stock, account_payment and bank. Budgets, categories, sanctions and the staff are
no records of Tryton: they stay in the company's own tables (`port.Company`). The rest is Tryton's own papers: purchases,
shipments, invoices, payments, bank accounts. What those have no field for (requester, approver, category, cost centre, a
bill's lines as they were read, what was rejected) stands in the register beside them, in the same Tryton (`register.py`).
"""

from activities.purchasing.port import Purchasing
from activities.purchasing.tryton.settings import TrytonSettings
from activities.purchasing.tryton.system import Tryton


def adapter() -> Purchasing:
    """The Tryton that this process's environment names."""
    return Tryton(TrytonSettings.from_environment())
