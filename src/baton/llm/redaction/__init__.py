"""Personal data stays here: what leaves for a language model carries tokens in its place, and answers get it back."""
