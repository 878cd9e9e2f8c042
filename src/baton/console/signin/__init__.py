"""Who is at the keyboard: demo accounts, local accounts with a password, or the company's OpenID Connect provider."""
