"""Readers of orders, contracts and invoices: forms with labels beside, above and at the head of columns."""
