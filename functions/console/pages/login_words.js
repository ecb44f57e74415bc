// The login's words.

export const WORDS = {
  "title": {"en": "Sign in", "ru": "Вход"},
  "email": {"en": "E-mail", "ru": "Эл. почта"},
  "password": {"en": "Password", "ru": "Пароль"},
  "enter": {"en": "Sign in", "ru": "Войти"},
  "forgotten": {"en": "I forgot my password", "ru": "Не помню пароль"},
  "register": {"en": "Make an account", "ru": "Создать аккаунт"},
  "by_telegram": {"en": "Sign in with Telegram", "ru": "Войти через Telegram"},
  "by_vk": {"en": "Sign in with VK ID", "ru": "Войти через VK ID"},
  "outside_failed": {"en": "The other service did not confirm who you are. Try again or use your password.", "ru": "Другой сервис не подтвердил, кто вы. Попробуйте снова или войдите по паролю."},
  "code_title": {"en": "One more step", "ru": "Ещё один шаг"},
  "code_lead": {"en": "Your account is protected by a second factor.", "ru": "Ваш аккаунт защищён вторым фактором."},
  "code": {"en": "Code", "ru": "Код"},
  "code_help": {"en": "Six digits from your authenticator, or a recovery code.", "ru": "Шесть цифр из приложения или код восстановления."},
  "back": {"en": "Sign in as somebody else", "ru": "Войти под другим именем"}
};
