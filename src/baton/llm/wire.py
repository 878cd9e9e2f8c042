"""A chat completion as it came over the wire: checked here, because the client takes whatever an endpoint sends."""

from pydantic import BaseModel, Field

from baton.llm.answers import Answer


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)


class _Completion(BaseModel):
    model: str | None = None
    choices: list[_Choice] = Field(min_length=1)
    usage: _Usage | None = None


def as_answer(body: bytes) -> Answer:
    """The first choice of a completion. Raises pydantic's `ValidationError` for what is no completion."""
    completion = _Completion.model_validate_json(body)
    choice, usage = completion.choices[0], completion.usage or _Usage()
    return Answer(
        model=completion.model or "",
        content=choice.message.content or "",
        finish=choice.finish_reason or "",
        refused=bool(choice.message.refusal) or choice.finish_reason == "content_filter",
        input_tokens=usage.prompt_tokens,
        output_tokens=usage.completion_tokens,
    )
