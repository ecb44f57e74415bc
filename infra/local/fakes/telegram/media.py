"""Files as they stand in messages; there are no bytes behind them."""

import secrets

from infra.local.fakes.telegram.state import Json


def sticker(emoji: str) -> Json:
    """A static regular `Sticker`."""
    shape = {"width": 512, "height": 512, "emoji": emoji, "set_name": "SvyazDemo", "type": "regular"}
    kind = {"is_animated": False, "is_video": False}
    return shape | kind | {"thumbnail": _picture(128, 128)} | _file(21_458)


def voice(duration_s: int) -> Json:
    """A `Voice` note."""
    return {"duration": duration_s, "mime_type": "audio/ogg"} | _file(2_000 * duration_s)


def photo_sizes() -> list[Json]:
    """A photo as `PhotoSize` objects, smallest first."""
    return [_picture(90, 67), _picture(320, 240), _picture(1280, 960)]


def _picture(width: int, height: int) -> Json:
    return _file(width * height // 10) | {"width": width, "height": height}


def _file(size_bytes: int) -> Json:
    return {"file_id": secrets.token_urlsafe(45), "file_unique_id": secrets.token_urlsafe(11), "file_size": size_bytes}
