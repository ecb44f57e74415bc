// The words of an invitation.

export const WORDS = {
  "title": {"en": "You are invited", "ru": "Вас пригласили"},
  "lead": {"en": "Accept, and you become a member of the organisation that wrote to you.", "ru": "Примите приглашение — и вы станете участником организации, которая вам написала."},
  "lead_out": {"en": "Have an account with the address that the letter came to? Sign in.", "ru": "Есть аккаунт с адресом, на который пришло письмо? Войдите."},
  "accept": {"en": "Accept the invitation", "ru": "Принять приглашение"},
  "login": {"en": "Sign in", "ru": "Войти"},
  "register": {"en": "Make an account and join", "ru": "Создать аккаунт и вступить"},
  "register_help": {"en": "New here? Say what to call you and choose a password.", "ru": "Впервые здесь? Напишите, как вас называть, и придумайте пароль."},
  "registered": {"en": "The account is made", "ru": "Аккаунт создан"},
  "registered_lead": {"en": "You are a member now. Sign in with your address and password.", "ru": "Теперь вы участник. Войдите со своим адресом и паролем."},
  "name": {"en": "What to call you", "ru": "Как вас называть"},
  "password": {"en": "Password", "ru": "Пароль"},
  "password_help": {"en": "At least 8 characters; a few words are easiest to remember.", "ru": "Не меньше 8 знаков; проще всего запомнить несколько слов."},
  "done": {"en": "Welcome", "ru": "Добро пожаловать"},
  "done_lead": {"en": "You are a member now.", "ru": "Теперь вы участник."},
  "work": {"en": "To work", "ru": "К работе"},
  "incomplete": {"en": "The link is not whole", "ru": "Ссылка неполная"},
  "incomplete_lead": {"en": "Open it from the letter once more, or copy all of it.", "ru": "Откройте её из письма ещё раз или скопируйте целиком."}
};
