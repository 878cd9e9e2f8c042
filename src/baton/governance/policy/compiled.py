"""A bundle made ready to be asked: parsed, completed from its tables, and checked against the schema."""

from dataclasses import dataclass
from functools import cached_property

import cedarpy

from baton.governance.policy.bundle import SHAPES, Bundle
from baton.governance.policy.clocks import Clocks
from baton.governance.policy.lens import Lens, check_all
from baton.governance.policy.problems import PolicyProblem
from baton.governance.policy.rules import Rule, read_rules, unique
from baton.governance.policy.schema import ENGINE_ACTIONS, VERBS, cedar_schema, verbs_of
from baton.governance.policy.shapes import Shapes
from baton.governance.policy.tables import table_rules


@dataclass
class Compiled:
    """Everything that a bundle says, and the handles to ask Cedar with."""

    bundle: Bundle
    shapes: Shapes
    written: tuple[Rule, ...]
    """The rules as they stand in `.cedar` files, those that wait for rows included."""
    rules: tuple[Rule, ...]
    """The rules that judge."""
    clocks: Clocks

    def __post_init__(self) -> None:
        self.effects = {effect.name: effect for effect in self.shapes.effects}
        self._lenses: dict[str, Lens] = {}

    def lens(self, action: str) -> Lens:
        """The rules about this action, ready to be asked; made when it is first asked about."""
        if action not in self._lenses:
            self._lenses[action] = Lens(action, self.effects.get(action.partition(":")[0]), self.about(action))
        return self._lenses[action]

    def actions(self) -> tuple[str, ...]:
        """Every action that can be asked about: effects, what people do about them, and the engine's own."""
        return self._known

    @cached_property
    def _known(self) -> tuple[str, ...]:
        own = [(name, *(f"{name}:{verb}" for verb in verbs_of(effect))) for name, effect in self.effects.items()]
        return (*(action for actions in own for action in actions), *ENGINE_ACTIONS)

    def about(self, action: str) -> tuple[Rule, ...]:
        """The rules whose scope names this action or its group."""
        return tuple(rule for rule in self.rules if rule.about(action, group_of(action)))

    @cached_property
    def approvable(self) -> frozenset[str]:
        """The effects that some rule lets a person approve."""
        return frozenset(name for name in self.effects if any(rule.permits for rule in self.about(f"{name}:approve")))


def group_of(action: str) -> str:
    """The schema's group of an action: `alone`, `approve`, `edit`, `undo`; `baton` for the engine's own."""
    head, _, verb = action.partition(":")
    return "baton" if head == "baton" else verb if verb in VERBS else "alone"


def compile_bundle(bundle: Bundle, shapes: Shapes | None) -> Compiled:
    """Parse and check a bundle, against these shapes or the ones it carries.

    Raises `PolicyProblem` naming file and line of the first thing that is wrong.
    """
    if shapes is None:
        shapes = shapes_in(bundle)
    else:
        bundle = bundle.including(SHAPES, shapes.model_dump_json(exclude_defaults=True))
    written = read_rules(bundle.texts)
    for rule in written:
        if rule.table and not rule.permits:
            raise rule.problem("is a forbid that waits for a table: only a permit may carry `@table`")
    ready = tuple(rule for rule in written if not rule.table)
    rules = unique((*ready, *table_rules(bundle.texts, written, shapes)))
    schema = cedarpy.Schema.from_str(cedar_schema(shapes))
    check_all(schema, (*rules, *(rule for rule in written if rule.table)))
    return Compiled(
        bundle=bundle,
        shapes=shapes,
        written=written,
        rules=rules,
        clocks=Clocks.read(bundle.texts),
    )


def shapes_in(bundle: Bundle) -> Shapes:
    """The shapes that a stored bundle carries."""
    if SHAPES not in bundle.texts:
        raise PolicyProblem("bundle carries no shapes: store `Policies.bundle`, not the bundle as loaded")
    return Shapes.model_validate_json(bundle.texts[SHAPES])
