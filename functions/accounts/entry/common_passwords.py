"""The passwords that everybody tries first, of those that are long enough for us."""

from __future__ import annotations

from typing import Final

STEMS: Final = (
    "password passw0rd p@ssw0rd p@ssword qwertyui qwertyuiop qwerty123 qwerty1234 qwerty12 1q2w3e4r 1q2w3e4r5t "
    "1qaz2wsx q1w2e3r4 q1w2e3r4t5 zaq12wsx asdfghjk asdfghjkl zxcvbnm1 zxcvbnm, iloveyou sunshine princess football "
    "baseball superman batman123 trustno1 letmein1 welcome1 welcome123 admin123 admin1234 administrator abcd1234 "
    "abc12345 abcdefgh computer internet samsung1 starwars whatever michelle jennifer charlie1 jordan23 corvette "
    "mercedes changeme changeme1 default1 secret123 master123 dragon123 monkey123 shadow123 test1234 testtest guest123 "
    "login123 hello123 love1234 lovelove marina123 natasha1 svetlana vladimir alexander aleksandr anastasia andrey123 "
    "dima1234 sergey123 parolparol parol123 parol1234 privet123 lubov123 lubimaya qazwsxedc qazwsx123 svyaz123 "
    "пароль123 пароль1234 паролькод йцукенгш йцукенгшщз йцукен123 фывапролдж привет123 любимая1 любовь123"
)
DIGITS: Final = (
    "12345678 123456789 1234567890 0123456789 12341234 123123123 87654321 987654321 0987654321 11223344 1122334455 "
    "12344321 123454321 123321123 147258369 1472583690 789456123 741852963 159753456 123654789 11235813 31415926 "
    "10203040 20202020 20252025 20262026 01011990 01012000 12121212 13131313 69696969 12345679 123456780"
)
ENDINGS: Final = ("", "!", "1", "1!", "12", "123", "2024", "2025", "2026")
_KNOWN: Final = frozenset(stem + ending for stem in STEMS.split() for ending in ENDINGS) | frozenset(DIGITS.split())


def is_common(password: str) -> bool:
    """Whether it is one of them, in whatever case, or one letter over and over."""
    folded = password.casefold()
    return folded in _KNOWN or len(set(folded)) == 1
