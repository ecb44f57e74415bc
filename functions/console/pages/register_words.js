// The registration's words.

export const WORDS = {
  "title": {"en": "Make an account", "ru": "Новый аккаунт"},
  "lead": {"en": "We send a letter to confirm your address.", "ru": "Мы пришлём письмо, чтобы подтвердить адрес."},
  "name": {"en": "What to call you", "ru": "Как вас называть"},
  "email": {"en": "E-mail", "ru": "Эл. почта"},
  "password": {"en": "Password", "ru": "Пароль"},
  "password_help": {"en": "At least 8 characters; a few words are easiest to remember.", "ru": "Не меньше 8 знаков; проще всего запомнить несколько слов."},
  "organisation": {"en": "Your organisation", "ru": "Ваша организация"},
  "organisation_help": {"en": "Leave it empty if somebody has invited you.", "ru": "Оставьте пустым, если вас пригласили."},
  "register": {"en": "Make the account", "ru": "Создать аккаунт"},
  "login": {"en": "I have an account", "ru": "У меня есть аккаунт"},
  "sent": {"en": "Look into your mailbox", "ru": "Проверьте почту"},
  "sent_lead": {"en": "A letter is on its way to you. Open its link within 24 hours.", "ru": "Письмо уже в пути. Откройте ссылку из него в течение суток."},
  "sent_help": {"en": "Nothing came? Look among unwanted mail, and whether the address is right.", "ru": "Ничего не пришло? Посмотрите в спаме и проверьте адрес."}
};
