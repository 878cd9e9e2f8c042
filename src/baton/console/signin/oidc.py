"""OpenID Connect: the company's own sign-in, with PKCE, state and nonce; the person is named by a claim."""

import json
import secrets
from typing import Any

import httpx
from authlib.common.errors import AuthlibBaseError  # type: ignore[import-untyped]  # it has no stubs
from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]  # it has no stubs
from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from baton.cases import store as cases
from baton.console.bench import Bench
from baton.console.settings import ConsoleSettings
from baton.console.signin.accounts import NotSignedIn
from baton.types.ids import PersonId
from baton.types.people import Person

_COOKIE = "baton_oidc"
_ALGORITHMS = ["RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512"]


def random() -> str:
    """A value that nobody can guess."""
    return secrets.token_urlsafe(24)


async def leave(request: Request, to: str) -> Response:
    """Send the browser to the provider, and remember what has to come back."""
    bench: Bench = request.app.state.bench
    settings = _settings(bench)
    state, nonce, verifier = random(), random(), secrets.token_urlsafe(48)
    async with _client(settings, _back(request, settings)) as client:
        there, _ = client.create_authorization_url(
            (await _provider(settings))["authorization_endpoint"], state=state, nonce=nonce, code_verifier=verifier
        )
    response = RedirectResponse(there, 303)
    kept = json.dumps({"state": state, "nonce": nonce, "verifier": verifier, "to": to})
    response.set_cookie(_COOKIE, kept, httponly=True, samesite="lax", secure=settings.secure, max_age=600, path="/sign-in")
    return response


async def returned(request: Request) -> tuple[PersonId, str]:
    """Who came back, and where they wanted to go. Raises `NotSignedIn`."""
    bench: Bench = request.app.state.bench
    settings = _settings(bench)
    try:
        kept = json.loads(request.cookies.get(_COOKIE, ""))
        claims = await _claims(request, settings, kept)
    except (JoseError, AuthlibBaseError, httpx.HTTPError, KeyError, ValueError) as error:
        raise NotSignedIn(f"the provider's answer cannot be used (`{type(error).__name__}`): sign in again") from error
    return _person(bench, settings, claims), str(kept["to"])


async def _claims(request: Request, settings: ConsoleSettings, kept: dict[str, str]) -> dict[str, Any]:
    if not secrets.compare_digest(request.query_params.get("state", ""), kept["state"]):
        raise ValueError("state")
    provider = await _provider(settings)
    async with _client(settings, _back(request, settings)) as client:
        token = await client.fetch_token(
            provider["token_endpoint"], code=request.query_params["code"], code_verifier=kept["verifier"]
        )
    keys = await _fetched(provider["jwks_uri"])
    known_keys = KeySet.import_key_set(keys)  # type: ignore[arg-type]  # as the provider publishes it
    token_said = jwt.decode(token["id_token"], known_keys, algorithms=_ALGORITHMS)
    known = jwt.JWTClaimsRegistry(
        leeway=30,
        iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": str(settings.oidc_client)},
        nonce={"essential": True, "value": kept["nonce"]},
        exp={"essential": True},
        iat={"essential": True},
    )
    known.validate(token_said.claims)
    return dict(token_said.claims)


def _person(bench: Bench, settings: ConsoleSettings, claims: dict[str, Any]) -> PersonId:
    """The one of the staff whom the claim names; roles and department follow the provider where settings say so."""
    named = str(claims.get(settings.oidc_person, "")).lower()
    if settings.oidc_person == "email" and claims.get("email_verified") is False:
        raise NotSignedIn("the provider has not verified this address: ask your administrator")
    with bench.database.write() as connection:
        found = next(
            (one for one in cases.people(connection) if one.kind == "person" and named and named in (one.email.lower(), one.id)),
            None,
        )
        if found is None or not found.active:
            raise NotSignedIn("the provider knows you, but nobody active of the staff is called so: ask your administrator")
        changed = _as_provider_says(found, settings, claims)
        if changed != found:
            cases.keep_people(connection, [changed])
    return found.id


def _as_provider_says(person: Person, settings: ConsoleSettings, claims: dict[str, Any]) -> Person:
    roles = claims.get(settings.oidc_roles) if settings.oidc_roles else None
    department = claims.get(settings.oidc_department) if settings.oidc_department else None
    update: dict[str, Any] = {}
    if isinstance(roles, list):
        update["roles"] = frozenset(str(role) for role in roles)
    if isinstance(department, str) and department:
        update["department"] = department
    return person.model_copy(update=update)


async def _provider(settings: ConsoleSettings) -> dict[str, Any]:
    return await _fetched(f"{str(settings.oidc_issuer).rstrip('/')}/.well-known/openid-configuration")


async def _fetched(address: str) -> dict[str, Any]:
    """What the provider publishes there."""
    async with httpx.AsyncClient(timeout=10) as client:
        return dict((await client.get(address)).raise_for_status().json())


def _client(settings: ConsoleSettings, back: str) -> AsyncOAuth2Client:
    secret = settings.oidc_secret.get_secret_value() if settings.oidc_secret else None
    return AsyncOAuth2Client(
        settings.oidc_client,
        secret,
        scope="openid profile email",
        redirect_uri=back,
        code_challenge_method="S256",
        token_endpoint_auth_method="client_secret_basic" if secret else "none",
        timeout=10,
    )


def _back(request: Request, settings: ConsoleSettings) -> str:
    return f"{(settings.url or str(request.base_url)).rstrip('/')}/sign-in/oidc/back"


def _settings(bench: Bench) -> ConsoleSettings:
    if bench.settings.sign_in != "oidc":
        raise NotSignedIn("this console is not set to sign in by OpenID Connect: see `BATON_SIGN_IN`")
    return bench.settings
