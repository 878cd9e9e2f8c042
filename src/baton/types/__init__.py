"""Pure types: the words of the product as frozen models. Nothing here does I/O."""
