"""The protocols that come with the package, by id or alias."""

import json
from functools import cache
from pathlib import Path

from healthsim.content import content_directory
from healthsim.errors import NotFoundError, nearest_names
from healthsim.spec import Protocol


class ProtocolLibrary:
    """All protocols of a folder, each a file `{"aliases": [...], "protocol": {...}}`.

    Args:
        directory: The folder.
    """

    def __init__(self, directory: Path) -> None:
        documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(directory.glob("*.json"))]
        self.protocols: dict[str, Protocol] = {
            protocol.id: protocol for protocol in (Protocol.model_validate(each["protocol"]) for each in documents)
        }
        self.aliases: dict[str, str] = {
            alias: document["protocol"]["id"] for document in documents for alias in document["aliases"]
        }

    def find(self, name: str, *, path: str = "$") -> Protocol:
        """Give the protocol that answers to an id or alias; case, spaces and underscores do not matter.

        Raises:
            NotFoundError: None does; names the nearest, or all.
        """
        wanted = "-".join(name.casefold().replace("_", " ").replace("-", " ").split())
        found = self.protocols.get(self.aliases.get(wanted, wanted))
        if found is None:
            near = nearest_names(name, (*self.protocols, *self.aliases)) or tuple(self.protocols)
            raise NotFoundError("protocol", name, path=path, nearest=near)
        return found


@cache
def protocol_library() -> ProtocolLibrary:
    """Give the protocols of the package."""
    return ProtocolLibrary(content_directory("protocols"))
