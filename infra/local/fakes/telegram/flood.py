"""How fast a bot may send: Telegram's flood limits as a pure decision."""

from dataclasses import dataclass, field

_ROUNDING_S = 1e-5


@dataclass(frozen=True)
class FloodLimits:
    """The limits to enforce; None switches one off.

    Units: messages per second; bursts in messages.
    Source: core.telegram.org/bots/faq, "My bot is hitting limits", as quoted by grammy.dev (read 2026-11-20).
    """

    per_chat_per_s: float | None = None
    per_chat_burst: int = 5
    overall_per_s: float | None = 30
    overall_burst: int = 30


@dataclass
class FloodGate:
    """Counts the messages of one bot."""

    limits: FloodLimits
    _full_until: dict[int, float] = field(default_factory=dict)

    def wait_s(self, chat_id: int, now: float) -> float:
        """Seconds to wait before sending to the chat; 0 means sent now and counted."""
        rates = [(0, self.limits.overall_per_s, self.limits.overall_burst)]
        rates.append((chat_id, self.limits.per_chat_per_s, self.limits.per_chat_burst))
        steps = {key: (1 / rate, burst) for key, rate, burst in rates if rate is not None}
        waits = [self._full_until.get(key, 0) - now - (burst - 1) * step_s for key, (step_s, burst) in steps.items()]
        if any(wait > _ROUNDING_S for wait in waits):
            return max(waits)
        for key, (step_s, _) in steps.items():
            self._full_until[key] = max(self._full_until.get(key, 0), now) + step_s
        return 0
