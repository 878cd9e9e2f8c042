"""The Cedar schema, written from the shapes: what a policy author may name, with every field's own description."""

from collections.abc import Iterator, Mapping

from baton.governance.policy.shapes import EffectShape, Shape, Shapes

ENGINE_ACTIONS = (
    "baton:administer",
    "baton:answer",
    "baton:assign",
    "baton:audit",
    "baton:export",
    "baton:numbers",
    "baton:resume",
    "baton:stop",
    "baton:submit",
    "baton:view_case",
)
"""What people and integrations may do to the engine itself, and see of it; judged by `Policies.may_do`."""
ENGINE_CONTEXT = ("agent", "department", "process", "stage")
"""What a policy may read about an engine action; text, empty where it does not apply."""
VERBS = ("approve", "edit", "undo")
_TYPES: dict[str, str] = {
    "text": "String", "flag": "Bool", "count": "Long", "decimal": "decimal", "money": "Money", "keys": "Set<String>",
    "people": "Set<Person>",
}  # fmt: skip
SCHEMA_FILE = "schema.cedarschema"

_HEAD = """\
// Generated from the action and facts models by `baton policy check --write`. Do not edit.
//
// Dates are text (ISO 8601): compare day counts instead, which are facts. Decimals have four places.
// What an action leaves out has an empty value and `<field>_known` false. A mapping shows its keys.

type Money = { amount: decimal, currency: String };

entity Role;
entity Agent in [Role];
entity Person in [Role] = { active: Bool, department: String };
// A program that uses the API with a token of its own: it has no right of a person unless a rule says so.
entity Integration in [Role] = { active: Bool, department: String };
entity Engine;

// Every effect's own action is in `alone`, what a person does about it in `approve`, `edit` or `undo`.
action alone, approve, edit, undo;
"""


def cedar_schema(shapes: Shapes, shown: Mapping[str, Shape] | None = None) -> str:
    """The schema as a policy author reads it, and as Cedar checks against; `shown` narrows what is seen of a resource."""
    resources = {effect.resource: effect.whole for effect in shapes.effects} | dict(shown or {})
    blocks = [_HEAD, *(_entity(*item) for item in resources.items()), *(_actions(effect) for effect in shapes.effects)]
    context = ", ".join(f"{name}: String" for name in ENGINE_CONTEXT)
    names = ", ".join(f'"{name}"' for name in ENGINE_ACTIONS)
    who = "principal: [Person, Integration], resource: [Engine]"
    blocks.append(f"action {names} appliesTo {{ {who}, context: {{ {context} }} }};\n")
    return "\n".join(blocks)


def _entity(name: str, shape: Shape) -> str:
    body = "".join(f"{line}\n" for side, field in shape.fields.items() for line in _side(side, field))
    return f"entity {name} = {{\n{body}}};\n"


def _side(name: str, shape: Shape) -> Iterator[str]:
    if shape.kind == "record":
        yield from (f"  // {shape.about}",) if shape.about else ()
        yield f"  {name}: {{"
        yield from (f"    {line}" for inner, field in shape.fields.items() for line in _lines(inner, field))
        yield "  },"
    else:
        yield from (f"  {line}" for line in _lines(name, shape))


def _actions(effect: EffectShape) -> str:
    on = f"resource: [{effect.resource}]"
    lines = [f'action "{effect.name}" in [alone] appliesTo {{ principal: [Agent], {on} }};']
    lines += [
        f'action "{effect.name}:{verb}" in [{verb}] appliesTo {{ principal: [{_who(verb)}], {on} }};' for verb in verbs_of(effect)
    ]
    return "\n".join(lines) + "\n"


def _who(verb: str) -> str:
    """Nobody but a person edits: an edit is somebody's own proposal."""
    return "Person" if verb == "edit" else "Person, Integration"


def verbs_of(effect: EffectShape) -> tuple[str, ...]:
    """What people may do about this effect; what cannot be undone has no `undo`."""
    return tuple(verb for verb in VERBS if verb != "undo" or effect.undo != "none")


def _lines(name: str, shape: Shape) -> Iterator[str]:
    if shape.about:
        yield f"// {shape.about}"
    yield f'"{name}": {_type(shape)},'
    if shape.optional:
        yield f'"{name}_known": Bool,'


def _type(shape: Shape) -> str:
    match shape.kind:
        case "record":
            return "{ " + " ".join(line for name, field in shape.fields.items() for line in _bare(name, field)) + " }"
        case "set" if shape.of is not None:
            return f"Set<{_type(shape.of)}>"
        case kind:
            return _TYPES[kind]


def _bare(name: str, shape: Shape) -> Iterator[str]:
    return _lines(name, shape.model_copy(update={"about": ""}))
