"""Webhooks: what happens to cases, tasks and decisions, told to other programs; signed, and repeated until it was heard.

Signed as Standard Webhooks says (`webhook-id`, `webhook-timestamp`, `webhook-signature`), so that a library checks it.
"""
