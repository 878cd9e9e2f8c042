"""Signed notes and checkpoints: a known note opens, a changed one does not."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from baton.ledger.note import Checkpoint, NoteRefused, Signer, Verifier

KNOWN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
KNOWN_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
KNOWN_NOTE = (
    f"{KNOWN_TEXT}\n\u2014 PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SIGNER = Signer("baton/test", Ed25519PrivateKey.from_private_bytes(bytes(32)))
HEAD = Checkpoint(origin="baton/test", size=7, root=bytes(range(32)))
NOTE = SIGNER.sign(str(HEAD))


def test_a_note_of_another_implementation_opens() -> None:
    assert Verifier.parse(KNOWN_KEY).open(KNOWN_NOTE) == KNOWN_TEXT


def test_a_key_is_written_as_it_was_read() -> None:
    assert str(Verifier.parse(KNOWN_KEY)) == KNOWN_KEY


def test_a_checkpoint_comes_back_from_its_note() -> None:
    assert Checkpoint.open(NOTE, SIGNER.verifier) == HEAD


@given(st.integers(0, len(NOTE.encode()) - 1), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_refused(at: int, change: int) -> None:
    data = bytearray(NOTE.encode())
    data[at] ^= change
    try:
        changed = data.decode()
    except UnicodeDecodeError:
        return
    with pytest.raises(NoteRefused):
        Checkpoint.open(changed, SIGNER.verifier)


@given(st.integers(0, len(NOTE) - 1))
def test_a_note_cut_off_is_refused(length: int) -> None:
    with pytest.raises(NoteRefused):
        Checkpoint.open(NOTE[:length], SIGNER.verifier)


def test_a_note_of_another_key_is_refused() -> None:
    other = Signer("baton/test", Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
    with pytest.raises(NoteRefused, match="not signed by `baton/test`"):
        Checkpoint.open(NOTE, other.verifier)


def test_a_second_signature_by_a_witness_does_no_harm() -> None:
    other = Signer("witness", Ed25519PrivateKey.from_private_bytes(bytes([1] * 32)))
    both = NOTE + other.sign(str(HEAD)).rpartition("\n\n")[2]
    assert Checkpoint.open(both, SIGNER.verifier) == Checkpoint.open(both, SIGNER.verifier) == HEAD
    assert other.verifier.open(both) == str(HEAD)


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\n07\n" + "A" * 43 + "=\n", "a\n7\nAAAA\n", "a\n-1\n", f"a\n{'9' * 5000}\n"])
def test_a_note_that_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Checkpoint.parse(text)


@pytest.mark.parametrize("text", ["", "name", "name+c74f20a3+AAAA", KNOWN_KEY.replace("c74f", "c74e"), KNOWN_KEY + "A"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        Verifier.parse(text)
