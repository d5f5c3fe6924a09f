"""Serving over streamable HTTP: on this machine by default, elsewhere with a token and named hosts only."""

import hmac
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.lowlevel import Server
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import AnyHttpUrl
from starlette.applications import Starlette

from healthsim.errors import InvalidInputError, Problem, rendered
from healthsim_mcp.server import healthsim_server
from healthsim_mcp.settings import NAME, HttpSettings, Settings

SHORTEST_TOKEN = 16
"""Characters: what is shorter can be guessed."""

_PATH = "/mcp"
_SECONDS_TO_STOP = 5
_LONGEST_TOKEN_FILE = 4096
_TOKEN_HINT = "write a random text into it, such as that of `openssl rand -hex 32`"  # noqa: S105 - a hint, no token


def serve_http(settings: Settings, http: HttpSettings) -> None:
    """Serve until interrupted or terminated.

    Raises:
        InvalidInputError: The address is not of this machine and nothing guards it, or the token file cannot be used.
    """
    app = http_app(settings, http)
    uvicorn.run(
        app,
        host=http.host,
        port=http.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_STOP,
    )


def http_app(
    settings: Settings, http: HttpSettings, *, build: Callable[[Settings], Server[Any]] = healthsim_server
) -> Starlette:
    """Build the application that serves what `build` gives; errors as for `serve_http`."""
    problems = [*_unguarded(http), *_port_problems(http.port)]
    token = None
    if http.token_file is not None:
        try:
            token = _token(Path(http.token_file))
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    resource = f"http://{_bracketed(http.host)}:{http.port}{_PATH}"
    return build(settings).streamable_http_app(
        streamable_http_path=_PATH,
        host=http.host,
        transport_security=_security(http),
        auth=_auth(resource) if token else None,
        token_verifier=_OneToken(token, resource) if token else None,
    )


class _OneToken:
    """Knows one token, and tells in constant time whether it is the one presented."""

    def __init__(self, token: str, resource: str) -> None:
        self._token, self._resource = token.encode(), resource

    async def verify_token(self, token: str) -> AccessToken | None:
        if not hmac.compare_digest(token.encode(errors="replace"), self._token):
            return None
        return AccessToken(token=token, client_id=NAME, scopes=[], resource=self._resource)


def is_loopback(host: str) -> bool:
    """Tell whether an address can be reached from this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unguarded(http: HttpSettings) -> list[Problem]:
    if is_loopback(http.host):
        return []
    problems = []
    if http.token_file is None:
        message = "an address that others reach needs a token"
        problems.append(Problem("--token-file", message, rendered(http.host), "name a file that holds one"))
    if not http.allowed_hosts:
        message = "an address that others reach needs the names clients may call it by"
        problems.append(Problem("--allowed-host", message, rendered(http.host), "such as health.example.org"))
    return problems


def _port_problems(port: int) -> list[Problem]:
    return [] if 0 < port < 2**16 else [Problem("--port", "a port is 1 to 65535", rendered(port))]


def _token(file: Path) -> str:
    try:
        if file.stat().st_size > _LONGEST_TOKEN_FILE:
            raise InvalidInputError([Problem("--token-file", "too long for a token", rendered(file.name), _TOKEN_HINT)])
        token = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise InvalidInputError([Problem("--token-file", f"cannot be read: {reason}", rendered(str(file)))]) from error
    if len(token) < SHORTEST_TOKEN or not token.isascii() or not token.isprintable() or " " in token:
        message = f"a token is {SHORTEST_TOKEN} printable ASCII characters or more, without spaces"
        raise InvalidInputError([Problem("--token-file", message, None, _TOKEN_HINT)])
    return token


def _security(http: HttpSettings) -> TransportSecuritySettings:
    """Answer only to the names of this machine, or to those allowed, whatever page a browser shows."""
    hosts = http.allowed_hosts or ("127.0.0.1", "localhost", "[::1]")
    named = [name for host in hosts for name in (host, f"{host}:*")]
    origins = [f"{scheme}://{name}" for scheme in ("http", "https") for name in named]
    return TransportSecuritySettings(allowed_hosts=named, allowed_origins=origins)


def _auth(resource: str) -> AuthSettings:
    address = AnyHttpUrl(resource)
    return AuthSettings(issuer_url=address, resource_server_url=address, validate_token_resource=True)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
