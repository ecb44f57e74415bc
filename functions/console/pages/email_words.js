// The words of a change of address.

export const WORDS = {
  "title": {"en": "A new address", "ru": "Новый адрес"},
  "lead": {"en": "From now on you sign in with the address that this letter came to.", "ru": "Дальше вы будете входить с адресом, на который пришло это письмо."},
  "confirm": {"en": "Use this address", "ru": "Использовать этот адрес"},
  "done": {"en": "The new address holds", "ru": "Новый адрес действует"},
  "done_lead": {"en": "Sign in with it next time.", "ru": "В следующий раз входите с ним."},
  "login": {"en": "Go on", "ru": "Продолжить"},
  "title_stop": {"en": "Stop the change of address?", "ru": "Отменить смену адреса?"},
  "lead_stop": {"en": "Your old address stays or comes back, and all devices are signed out.", "ru": "Старый адрес останется или вернётся, все устройства выйдут из аккаунта."},
  "stop": {"en": "Stop the change", "ru": "Отменить смену"},
  "stopped": {"en": "Your address is as it was", "ru": "Адрес прежний"},
  "stopped_lead": {"en": "Somebody was signed in as you: set a new password now.", "ru": "Кто-то входил под вашим именем: задайте новый пароль сейчас."},
  "reset": {"en": "Set a new password", "ru": "Задать новый пароль"},
  "incomplete": {"en": "The link is not whole", "ru": "Ссылка неполная"},
  "incomplete_lead": {"en": "Open it from the letter once more, or copy all of it.", "ru": "Откройте её из письма ещё раз или скопируйте целиком."},
  "account": {"en": "My account", "ru": "Мой аккаунт"}
};
