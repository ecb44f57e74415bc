"""What people do in their Telegram client, and the updates that their bots get for it."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated

from pydantic import Field, validate_call

from infra.local.fakes.telegram.formatting import MAX_TEXT_CHARACTERS
from infra.local.fakes.telegram.keyboards import MAX_CALLBACK_DATA_BYTES
from infra.local.fakes.telegram.media import photo_sizes, sticker, voice
from infra.local.fakes.telegram.state import CALLBACK_LIFE_S, Bot, BotState, Chat, Clock, Entry, Json, Person, State

MAX_PEOPLE = 1000

Payload = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{0,64}$")]
LongText = Annotated[str, Field(max_length=20 * MAX_TEXT_CHARACTERS)]
Emoji = Annotated[str, Field(min_length=1, max_length=16)]
Seconds = Annotated[int, Field(ge=1, le=3600)]
Caption = Annotated[str, Field(max_length=1024)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]
PhoneNumber = Annotated[str, Field(pattern=r"^(\+?[0-9]{7,15})?$")]
Name = Annotated[str, Field(max_length=64)]
Taps = Annotated[int, Field(ge=1, le=50)]


class ActError(Exception):
    """Something that a person cannot do, with the HTTP status that says so."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class People:
    """The acts of people; each names the person by id and the bot by username.

    Raises: `ActError` for what a person cannot do now, pydantic's `ValidationError` for values that cannot be.
    """

    def __init__(self, bots: Mapping[str, Bot], state: State, clock: Clock, on_act: Callable[[str], None]) -> None:
        self.bots = bots
        self.state = state
        self.clock = clock
        self._on_act = on_act

    @validate_call
    async def create_person(self, first_name: str, *, person_id: int | None = None, **fields: str | None) -> Person:
        """A new person; `fields` are last_name, username, language_code and phone_number."""
        number = person_id or max(self.state.people, default=700_000_000) + 1
        if number in self.state.people or len(self.state.people) >= MAX_PEOPLE:
            raise ActError(409, "this id is taken, or there are too many people")
        person = Person.model_validate(fields | {"id": number, "first_name": first_name})
        self.state.people[number] = person
        self._on_act("")
        return person

    @validate_call
    async def start(self, person_id: int, bot: str, payload: Payload = "") -> int:
        """The id of the message that follows from opening `t.me/<bot>?start=<payload>` and pressing Start.

        A blocked bot is unblocked by it.
        """
        self._bot_state(person_id, bot).chats.setdefault(person_id, Chat())
        self._set_blocked(person_id, bot, is_blocked=False)
        return self._say(person_id, bot, {"text": f"/start {payload}".strip(), "entities": [_command("/start")]})

    @validate_call
    async def send_text(self, person_id: int, bot: str, text: LongText) -> int:
        """The id of the sent message; a long text goes as several, as clients do, and the last one's id comes back."""
        parts = [text[i : i + MAX_TEXT_CHARACTERS].strip() for i in range(0, len(text), MAX_TEXT_CHARACTERS)]
        message_ids = [self._say(person_id, bot, _with_command(part)) for part in parts if part]
        if not message_ids:
            raise ActError(422, "nothing to send")
        return message_ids[-1]

    @validate_call
    async def send_sticker(self, person_id: int, bot: str, emoji: Emoji = "👍") -> int:
        """The id of the sent message."""
        return self._say(person_id, bot, {"sticker": sticker(emoji)})

    @validate_call
    async def send_voice(self, person_id: int, bot: str, duration_s: Seconds = 3) -> int:
        """The id of the sent message."""
        return self._say(person_id, bot, {"voice": voice(duration_s)})

    @validate_call
    async def send_photo(self, person_id: int, bot: str, caption: Caption = "") -> int:
        """The id of the sent message."""
        return self._say(person_id, bot, {"photo": photo_sizes()} | ({"caption": caption} if caption else {}))

    @validate_call
    async def send_location(self, person_id: int, bot: str, latitude: Latitude, longitude: Longitude) -> int:
        """The id of the sent message. Units: degrees."""
        return self._say(person_id, bot, {"location": {"latitude": latitude, "longitude": longitude}})

    @validate_call
    async def send_contact(
        self, person_id: int, bot: str, phone_number: PhoneNumber = "", first_name: Name = ""
    ) -> int:
        """The id of the sent message: the own number, or the card of a stranger when a number is given."""
        contact: Json = {"phone_number": phone_number, "first_name": first_name}
        if not phone_number:
            person = self._person(person_id)
            contact = {"phone_number": person.phone_number, **person.names(), "user_id": person.id}
            contact.pop("username", None)
        return self._say(person_id, bot, {"contact": contact})

    @validate_call
    async def tap(
        self, person_id: int, bot: str, *, label: str = "", data: str = "", message_id: int = 0, times: Taps = 1
    ) -> list[str]:
        """The callback query ids of taps on the inline button with the label or data.

        The newest message that has it is taken, or the named one. Buttons of earlier versions of a message are found
        too, as a client that has not refreshed still shows them; in a named message any data can be sent.
        """
        chat = self._active_chat(person_id, bot)
        entry, sent = _find_button(chat, label, data, message_id)
        if len(sent.encode()) > MAX_CALLBACK_DATA_BYTES:
            raise ActError(422, "callback data has at most 64 bytes")
        return [self._tap_once(person_id, bot, entry, sent) for _ in range(times)]

    async def double_tap(self, person_id: int, bot: str, *, label: str = "", data: str = "") -> list[str]:
        """The callback query ids of two taps before anything is answered."""
        return await self.tap(person_id, bot, label=label, data=data, times=2)

    @validate_call
    async def block(self, person_id: int, bot: str) -> None:
        """Stop the bot: from now on it cannot write."""
        self._set_blocked(person_id, bot, is_blocked=True)

    @validate_call
    async def unblock(self, person_id: int, bot: str) -> None:
        """Let the bot write again."""
        self._set_blocked(person_id, bot, is_blocked=False)

    async def redeliver(self, bot: str) -> int:
        """The update_id of the bot's last update, which is delivered once more."""
        bot_state = self.state.bots.get(bot)
        if bot_state is None or bot_state.last_update is None:
            raise ActError(409, "there was no update yet")
        bot_state.pending.append(bot_state.last_update.model_copy())
        self._on_act(bot)
        return int(bot_state.last_update.body["update_id"])

    def messages(self, person_id: int, bot: str) -> list[Json]:
        """The messages that the person sees, oldest first, as Telegram `Message` objects."""
        return [entry.message for entry in self._chat(person_id, bot).entries if not entry.is_deleted]

    def _tap_once(self, person_id: int, bot: str, entry: Entry, data: str) -> str:
        bot_state, now, message = self.state.bots[bot], self.clock(), entry.message
        if entry.is_deleted:
            message = {"chat": message["chat"], "message_id": message["message_id"], "date": 0}
        callback_id = bot_state.new_callback(person_id, now.timestamp() + CALLBACK_LIFE_S)
        query = {"id": callback_id, "from": self._person(person_id).user(), "message": message}
        query |= {"chat_instance": bot_state.chats[person_id].instance, "data": data}
        bot_state.new_update("callback_query", person_id, query, now)
        self._on_act(bot)
        return callback_id

    def _say(self, person_id: int, bot: str, content: Json) -> int:
        chat = self._active_chat(person_id, bot)
        bot_state, person, now = self.state.bots[bot], self._person(person_id), self.clock()
        message = bot_state.new_message(person.user(), person, now) | content
        chat.add(message)
        bot_state.new_update("message", person_id, message, now)
        self._on_act(bot)
        return int(message["message_id"])

    def _set_blocked(self, person_id: int, bot: str, *, is_blocked: bool) -> None:
        chat, person, now = self._chat(person_id, bot), self._person(person_id), self.clock()
        if chat.is_blocked == is_blocked:
            return
        chat.is_blocked = is_blocked
        chat.revision += 1
        member = {"user": self.bots[bot].user(), "status": "member"}
        kicked = member | {"status": "kicked", "until_date": 0}
        old, new = (member, kicked) if is_blocked else (kicked, member)
        change: Json = {"chat": person.chat(), "from": person.user(), "date": int(now.timestamp())}
        change |= {"old_chat_member": old, "new_chat_member": new}
        self.state.bots[bot].new_update("my_chat_member", person_id, change, now)
        self._on_act(bot)

    def _person(self, person_id: int) -> Person:
        if person_id not in self.state.people:
            raise ActError(404, "no such person")
        return self.state.people[person_id]

    def _bot_state(self, person_id: int, bot: str) -> BotState:
        self._person(person_id)
        if bot not in self.bots:
            raise ActError(404, "no such bot")
        return self.state.bots[bot]

    def _chat(self, person_id: int, bot: str) -> Chat:
        chat = self._bot_state(person_id, bot).chats.get(person_id)
        if chat is None:
            raise ActError(409, "press Start first")
        return chat

    def _active_chat(self, person_id: int, bot: str) -> Chat:
        chat = self._chat(person_id, bot)
        if chat.is_blocked:
            raise ActError(409, "unblock the bot first")
        return chat


def _find_button(chat: Chat, label: str, data: str, message_id: int) -> tuple[Entry, str]:
    named = chat.entry(message_id)
    if message_id and named is None:
        raise ActError(404, "no such message")
    if named and data:
        return named, data
    entries = [named] if named else chat.entries[::-1]
    shown = [(entry, entry.keyboard) for entry in entries if not entry.is_deleted]
    stale = [(entry, keyboard) for entry in entries for keyboard in reversed(entry.old_keyboards)]
    for entry, keyboard in shown + stale:
        for button in (button for row in keyboard for button in row if "callback_data" in button):
            if label == button["text"] or data == button["callback_data"]:
                return entry, str(button["callback_data"])
    raise ActError(404, "no such button")


def _with_command(text: str) -> Json:
    command = re.match(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\S)", text)
    return {"text": text} | ({"entities": [_command(command[0])]} if command else {})


def _command(word: str) -> Json:
    return {"type": "bot_command", "offset": 0, "length": len(word)}
