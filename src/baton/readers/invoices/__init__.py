"""Invoice pages read by rules: numbers, dates, parties, accounts, sums and lines, by what stands beside them."""
