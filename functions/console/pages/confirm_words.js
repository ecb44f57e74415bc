// The words of confirming an address.

export const WORDS = {
  "title": {"en": "Confirm your address", "ru": "Подтверждение адреса"},
  "lead": {"en": "Give the password that you chose. If you did not ask for an account, close this page: nothing is made.", "ru": "Введите пароль, который вы придумали. Если вы не просили об аккаунте, закройте страницу: ничего не создано."},
  "password": {"en": "Password", "ru": "Пароль"},
  "confirm": {"en": "Confirm", "ru": "Подтвердить"},
  "done": {"en": "Your account is ready", "ru": "Аккаунт готов"},
  "done_lead": {"en": "Sign in with your address and password.", "ru": "Войдите по своему адресу и паролю."},
  "login": {"en": "Sign in", "ru": "Войти"},
  "incomplete": {"en": "The link is not whole", "ru": "Ссылка неполная"},
  "incomplete_lead": {"en": "Open it from the letter once more, or copy all of it.", "ru": "Откройте её из письма ещё раз или скопируйте целиком."},
  "register": {"en": "Ask for a new letter", "ru": "Запросить новое письмо"}
};
