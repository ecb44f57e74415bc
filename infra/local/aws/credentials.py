"""The one access key of the embedded AWS: drawn at the first start, kept in a private file of the state folder."""

import json
import logging
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

from infra.local.aws.files import replace_file, set_aside

CREDENTIALS = "credentials.json"
_PREFIX, _ID_BYTES, _SECRET_BYTES = "LOCAL", 8, 30
_PRIVATE = 0o600
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AccessKey:
    """A key id and its secret."""

    access_key_id: str
    secret_access_key: str


def access_key(state_dir: Path) -> AccessKey:
    """The key of a state folder, drawn if there is none; an unreadable file is set aside.

    Raises: OSError.
    """
    path = state_dir / CREDENTIALS
    if path.exists():
        path.chmod(_PRIVATE)
        try:
            return read_access_key(state_dir)
        except (ValueError, TypeError):
            _log.error("the key file was damaged; it is kept as %s and a new key drawn", set_aside(path))
    key = AccessKey(f"{_PREFIX}{secrets.token_hex(_ID_BYTES).upper()}", secrets.token_urlsafe(_SECRET_BYTES))
    replace_file(path, json.dumps(asdict(key)).encode())
    return key


def read_access_key(state_dir: Path) -> AccessKey:
    """The stored key.

    Raises: OSError, ValueError or TypeError when there is none that can be read.
    """
    key = AccessKey(**json.loads((state_dir / CREDENTIALS).read_bytes()))
    if not all(isinstance(part, str) and part.isascii() and part for part in asdict(key).values()):
        raise ValueError("not an access key")
    return key
