"""What the scripted master of the chat page's tests says: a booking in four taps."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

Row = list[dict[str, str]]

SERVICES = ("Стрижка · 60 мин · 2 500 ₽", "Окрашивание · 2 ч 30 мин · 7 900 ₽", "Укладка · 45 мин · 1 800 ₽")
DAYS = ("Пн 23 ноября", "Вт 24 ноября", "Ср 25 ноября", "Пт 27 ноября", "Сб 28 ноября")
TIMES = tuple(f"{hour:02}:{minute:02}" for hour in range(10, 18) for minute in (0, 30))


class Script:
    """A conversation: each answer depends on the tapped payload alone."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []

    def greet(self) -> dict[str, Any]:
        """The first message, with the services."""
        text = "Здравствуйте! Это Анна Орлова, мастер по волосам.\nНа что вас записать?"
        return self.add(text, [*_column("service", SERVICES), *_column("mine", ("Мои записи",))])

    def answer(self, frame: dict[str, Any]) -> dict[str, Any]:
        """The answer to a text or a tap."""
        data = frame["data"]
        if frame["action"] == "chat.say":
            return self.add(f"Вы написали: {data['text']}", _column("service", SERVICES), data["text"])
        step = data["payload"].partition(":")[0]
        return self.add(*self._steps(step, data["label"]), data["label"])

    def _steps(self, step: str, label: str) -> tuple[str, list[Row]]:
        back = _column("back", ("‹ Назад",))
        if step == "service":
            return f"{label}. Какой день?", [*_rows("day", DAYS, 2), [_button("more", "Ещё ›")], *back]
        if step == "day":
            return f"{label}. Какое время?", [*_rows("time", TIMES, 4), *back]
        if step == "time":
            return f"Стрижка\nПонедельник, 23 ноября, {label}\nул. Садовая, 5\n2 500 ₽", [
                [_button("yes", "Записаться"), _button("back", "Другое время")]
            ]
        if step == "yes":
            return (
                "Вы записаны. Напомню за сутки и за два часа.\nКак пройти: https://maps.example/sadovaya-5.",
                _rows("end", ("Отменить", "Ещё запись"), 2),
            )
        return self.greet()["text"], _column("service", SERVICES)

    def add(self, text: str, buttons: list[Row], answers: str = "") -> dict[str, Any]:
        """Adds a message to the conversation."""
        made = {
            "id": f"msg_{len(self.messages):04}",
            "text": text,
            "buttons": buttons,
            "answers": answers,
            "at": datetime.now(UTC).isoformat(),
        }
        self.messages.append(made)
        return made


def _button(step: str, label: str) -> dict[str, str]:
    return {"label": label, "payload": f"{step}:{label}"}


def _column(step: str, labels: tuple[str, ...]) -> list[Row]:
    return _rows(step, labels, 1)


def _rows(step: str, labels: tuple[str, ...], columns: int) -> list[Row]:
    buttons = [_button(step, label) for label in labels]
    return [buttons[at : at + columns] for at in range(0, len(buttons), columns)]
