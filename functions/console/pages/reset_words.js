// The words of setting a new password.

export const WORDS = {
  "title": {"en": "A forgotten password", "ru": "Забытый пароль"},
  "lead": {"en": "Tell us your address: we send a link to set a new one.", "ru": "Укажите адрес: пришлём ссылку, чтобы задать новый."},
  "email": {"en": "E-mail", "ru": "Эл. почта"},
  "send": {"en": "Send the letter", "ru": "Прислать письмо"},
  "sent": {"en": "Look into your mailbox", "ru": "Проверьте почту"},
  "sent_lead": {"en": "If there is an account with this address, a letter is on its way. Its link holds for an hour.", "ru": "Если есть аккаунт с таким адресом, письмо уже в пути. Ссылка действует час."},
  "title_new": {"en": "A new password", "ru": "Новый пароль"},
  "password": {"en": "New password", "ru": "Новый пароль"},
  "password_help": {"en": "At least 8 characters. All your devices will be signed out.", "ru": "Не меньше 8 знаков. Все ваши устройства выйдут из аккаунта."},
  "set": {"en": "Set the password", "ru": "Задать пароль"},
  "done": {"en": "The new password holds", "ru": "Новый пароль действует"},
  "done_lead": {"en": "Sign in with it.", "ru": "Войдите с ним."},
  "login": {"en": "Sign in", "ru": "Войти"}
};
