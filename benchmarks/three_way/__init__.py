"""Bills made from real orders and receipts, some with planted faults: does the three-way match find every one?"""
