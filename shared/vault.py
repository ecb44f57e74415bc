"""Personal data and secrets, sealed field by field before they are stored.

Shape: a context says where a field belongs, such as `accounts|usr_1|email`; what is copied to another place does not
open there. Only functions that seal import this: it loads the library of ciphers.
"""

from __future__ import annotations

from shared import data_keys, sealing
from shared.sealing import Unreadable

__all__ = ["Unreadable", "decrypt", "encrypt"]


def encrypt(plain: str, context: str) -> str:
    """A text as it may be stored.

    Raises: ProviderThrottled, ProviderUnavailable where no key is at hand and KMS does not answer.
    """
    key = data_keys.current()
    return sealing.seal(key.plain, key.id, plain, context)


def decrypt(sealed: str, context: str) -> str:
    """The text that was stored in this context.

    Raises: Unreadable for another context or for what was changed, ProviderThrottled, ProviderUnavailable.
    """
    key = data_keys.opened(sealing.key_id_of(sealed))
    return sealing.unseal(key.plain, sealed, context)
