// The words of confirming an address.

export const WORDS = {
  "title": {"en": "Confirm your address", "ru": "Подтверждение адреса"},
  "lead": {"en": "One press, and your account is ready.", "ru": "Одно нажатие — и аккаунт готов."},
  "confirm": {"en": "Confirm", "ru": "Подтвердить"},
  "done": {"en": "Your account is ready", "ru": "Аккаунт готов"},
  "done_lead": {"en": "Sign in with your address and password.", "ru": "Войдите по своему адресу и паролю."},
  "login": {"en": "Sign in", "ru": "Войти"},
  "incomplete": {"en": "The link is not whole", "ru": "Ссылка неполная"},
  "incomplete_lead": {"en": "Open it from the letter once more, or copy all of it.", "ru": "Откройте её из письма ещё раз или скопируйте целиком."},
  "register": {"en": "Ask for a new letter", "ru": "Запросить новое письмо"}
};
