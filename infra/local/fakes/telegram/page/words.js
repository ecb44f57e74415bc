// The page's own words; what bots and people write is never translated.

const WORDS = {
  en: {
    bot: "Bot", person: "Person", menu: "Menu", messages: "Messages", toEnd: "To the newest message",
    newPerson: "New person", openLink: "Open a start link", redeliver: "Deliver the last update again",
    block: "Stop and block the bot", unblock: "Unblock the bot", restart: "Restart the bot", start: "Start",
    welcomeTitle: "What can this bot do?", welcomeText: "This is Telegram on your own machine. Press Start to talk to the bot.",
    payload: "Start payload (from the link, may be empty)", attach: "Attach", commands: "Commands", write: "Message", send: "Send",
    sticker: "Stickers", voice: "Voice message, 3 s", voiceMessage: "Voice message", photo: "Photo", location: "Location", ownContact: "My phone number",
    otherContact: "Somebody’s contact", firstName: "First name", language: "Language", cancel: "Cancel", create: "Create",
    open: "Open", ok: "OK", asBot: "bot", typing: "typing…", edited: "edited", offline: "connecting…",
    failed: "Not done: ", redelivered: "Delivered again: update ", today: "Today", nobody: "Create a person first",
    otherName: "Friend", copied: "Copied", unsupported: "This button cannot be tried here",
  },
  ru: {
    bot: "Бот", person: "Человек", menu: "Меню", messages: "Сообщения", toEnd: "К последнему сообщению",
    newPerson: "Новый человек", openLink: "Открыть ссылку с параметром", redeliver: "Доставить последнее событие ещё раз",
    block: "Остановить и заблокировать", unblock: "Разблокировать бота", restart: "Перезапустить бота", start: "Начать",
    welcomeTitle: "Что умеет этот бот?", welcomeText: "Это Telegram на вашем компьютере. Нажмите «Начать», чтобы поговорить с ботом.",
    payload: "Параметр start (из ссылки, может быть пустым)", attach: "Прикрепить", commands: "Команды", write: "Сообщение", send: "Отправить",
    sticker: "Стикеры", voice: "Голосовое, 3 с", voiceMessage: "Голосовое сообщение", photo: "Фото", location: "Геопозиция", ownContact: "Мой номер телефона",
    otherContact: "Чужой контакт", firstName: "Имя", language: "Язык", cancel: "Отмена", create: "Создать",
    open: "Открыть", ok: "ОК", asBot: "бот", typing: "печатает…", edited: "изменено", offline: "соединение…",
    failed: "Не вышло: ", redelivered: "Доставлено ещё раз, событие ", today: "Сегодня", nobody: "Сначала создайте человека",
    otherName: "Знакомый", copied: "Скопировано", unsupported: "Эту кнопку здесь не проверить",
  },
};

export const language = (navigator.language || "en").toLowerCase().startsWith("ru") ? "ru" : "en";

export function word(name) {
  return WORDS[language][name];
}

// Puts words into everything that names one.
export function translate(root) {
  root.documentElement.lang = language;
  for (const element of root.querySelectorAll("[data-word]")) element.textContent = word(element.dataset.word);
  for (const element of root.querySelectorAll("[data-label]")) element.setAttribute("aria-label", word(element.dataset.label));
  for (const element of root.querySelectorAll("[data-placeholder]")) {
    element.placeholder = word(element.dataset.placeholder);
    element.setAttribute("aria-label", element.placeholder);
  }
}
