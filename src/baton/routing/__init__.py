"""Tells what a message is about, learnt from examples: a process, or a person who looks, with the reason in words."""
