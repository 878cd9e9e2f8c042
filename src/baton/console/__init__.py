"""The console: where staff decide, auditors look, and everyone sees what waits.

A page is `pages/<page>.py` with a `router`, `templates/<page>.html` and `static/css/<page>.css`; it is found without a list.
"""
