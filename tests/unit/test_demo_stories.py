"""What the staff of the demo say next: the sentences of their story, one after the other, and again where one was sent back."""

from types import SimpleNamespace as Thing

from baton.demo.stories import Run


def sentence(on: str, says: str = "approve") -> Thing:
    return Thing(on=on, says=says, person="gerrit")


def waiting(action: str, verdict: str, note: str = "") -> Thing:
    return Thing(proposal=Thing(action=action), verdict=verdict, note=note)


def test_each_sentence_is_said_once_and_only_to_its_own_task() -> None:
    pay, release = sentence("erp.pay"), sentence("erp.release")
    run = Run(Thing(decisions=[pay, release]))
    assert run.next_said(waiting("erp.release", "d-0")) is None
    assert run.next_said(waiting("erp.pay", "d-1")) is pay
    run.answered += 1
    assert run.next_said(waiting("erp.pay", "d-1")) is None
    assert run.next_said(waiting("erp.release", "d-2")) is release


def test_an_approval_that_was_sent_back_is_said_again_once_for_each_time() -> None:
    pay = sentence("erp.pay")
    run = Run(Thing(decisions=[pay]), answered=1)
    back = waiting("erp.pay", "d-2", "since it was approved, this no longer holds")
    assert run.next_said(back) is pay
    run.answered += 1
    assert run.next_said(back) is None
    assert run.next_said(waiting("erp.pay", "d-3", back.note)) is pay


def test_a_rejection_is_not_said_again() -> None:
    run = Run(Thing(decisions=[sentence("erp.pay", "reject")]), answered=1)
    assert run.next_said(waiting("erp.pay", "d-2", "changed")) is None
