"""The memory of the server: it is bounded, and gives back what it was told."""

from datetime import UTC, datetime

from infra.local.fakes.telegram.state import (
    KEPT_ANSWERS,
    KEPT_CALLBACKS,
    KEPT_MESSAGES,
    Answer,
    BotState,
    Chat,
    Person,
    State,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)
PERSON = Person(id=7, first_name="Аня")


def test_the_oldest_messages_are_forgotten() -> None:
    chat = Chat()
    for message_id in range(1, KEPT_MESSAGES + 6):
        chat.add({"message_id": message_id})
    assert [chat.entries[0].message, chat.entries[-1].message] == [{"message_id": 6}, {"message_id": KEPT_MESSAGES + 5}]
    assert len(chat.entries) == KEPT_MESSAGES
    assert chat.entry(5) is None
    assert chat.entry(6) is chat.entries[0]


def test_the_oldest_taps_and_answers_are_forgotten() -> None:
    bot, chat = BotState(), Chat()
    ids = [bot.new_callback(7, 0) for _ in range(KEPT_CALLBACKS + 5)]
    assert list(bot.callbacks) == ids[5:]
    for callback_id in ids:
        chat.answer(Answer(callback_id=callback_id))
    assert [answer.callback_id for answer in chat.answers] == ids[-KEPT_ANSWERS:]


def test_every_change_of_a_chat_gives_a_new_revision() -> None:
    chat = Chat()
    revisions = [chat.revision]
    chat.add({"message_id": 1})
    revisions.append(chat.revision)
    chat.answer(Answer(callback_id="1"))
    revisions.append(chat.revision)
    assert len(set(revisions)) == 3


def test_the_state_survives_json() -> None:
    bot = BotState()
    message = bot.new_message(PERSON.user(), PERSON, NOW) | {"text": "Здравствуйте 😀"}
    bot.chats[7] = Chat()
    bot.chats[7].add(message)
    bot.new_update("message", 7, message, NOW)
    state = State(people={7: PERSON}, bots={"svyaz_test_bot": bot})
    assert State.model_validate_json(state.model_dump_json()) == state


def test_message_and_update_ids_only_grow() -> None:
    bot = BotState()
    ids = [bot.new_message({}, PERSON, NOW)["message_id"] for _ in range(3)]
    for _ in range(3):
        bot.new_update("message", 7, {}, NOW)
    update_ids = [update.body["update_id"] for update in bot.pending]
    assert ids == [1, 2, 3]
    assert update_ids == [update_ids[0] + step for step in range(3)]


def test_optional_names_are_left_out() -> None:
    assert PERSON.user() == {"id": 7, "is_bot": False, "first_name": "Аня"}
    assert PERSON.chat() == {"id": 7, "first_name": "Аня", "type": "private"}
