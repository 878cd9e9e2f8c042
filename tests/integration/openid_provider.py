"""An OpenID provider on this machine alone: it signs what a test says, and can be made to lie."""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "baton", "a-secret-between-them"


@dataclass
class Provider:
    """What it knows of whoever signs in, and what it changes before it signs."""

    address: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signs_with: RSAKey | None = None
    person: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    asked: dict[str, dict[str, str]] = field(default_factory=dict)
    """What came with each code that was given out."""

    def sign_in(self, there: str) -> str:
        """The person says yes: where their browser is sent back to."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(there).query).items()}
        assert (asked["client_id"], asked["response_type"], asked["code_challenge_method"]) == (CLIENT, "code", "S256")
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?code={code}&state={asked['state']}"

    def metadata(self) -> dict[str, str]:
        """What `.well-known/openid-configuration` says."""
        places = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
        return {"issuer": self.address, **{name: f"{self.address}/{path}" for name, path in places.items()}}

    def token(self, form: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """An id token for a code, once, to whoever holds the secret and the verifier."""
        asked = self.asked.pop(form.get("code", ""), None)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        proves = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or authorization != f"Basic {basic}" or asked["code_challenge"] != proves:
            return None
        at = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "1", "iat": at, "exp": at + 300, "nonce": asked["nonce"]}
        key = self.signs_with or self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, {**claims, **self.person, **self.lies}, key)
        return {"access_token": "x", "token_type": "Bearer", "id_token": signed}


@contextmanager
def providing() -> Iterator[Provider]:
    """The provider, served."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = {
                "/.well-known/openid-configuration": provider.metadata(),
                "/keys": {"keys": [provider.key.as_dict(private=False)]},
            }
            self._say(said.get(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._say(provider.token(form, self.headers.get("Authorization", "")))

        def _say(self, found: Any) -> None:
            self.send_response(200 if found else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(found or {"error": "invalid_grant"}).encode())

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
