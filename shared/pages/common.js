// Words that pages of several kinds say; the rest stands in each page's own `…_words.js`.

import { language, wordsOf } from "./words.js";

/** The text of a key in the present language. */
export const common = wordsOf({
  skip: { en: "To the content", ru: "К содержанию" },
  pages: { en: "Pages", ru: "Страницы" },
  parts: { en: "Parts of this page", ru: "Части страницы" },
  bookings: { en: "Bookings", ru: "Записи" },
  administration: { en: "Organisation", ru: "Организация" },
  account: { en: "My account", ru: "Мой аккаунт" },
  sign_out: { en: "Sign out", ru: "Выйти" },
  loading: { en: "Loading…", ru: "Загружаем…" },
  copy: { en: "Copy", ru: "Скопировать" },
  copied: { en: "Copied.", ru: "Скопировано." },
  not_copied: { en: "The browser does not let us copy: select the text.", ru: "Браузер не даёт скопировать: выделите текст сами." },
  download: { en: "Download", ru: "Скачать" },
  show: { en: "Show", ru: "Показать" },
  hide: { en: "Hide", ru: "Скрыть" },
  cancel: { en: "Cancel", ru: "Отмена" },
  more: { en: "Show more", ru: "Показать ещё" },
  again: { en: "Try again", ru: "Попробовать снова" },
  offline: { en: "There is no connection. Check the network and try again.", ru: "Нет связи. Проверьте сеть и попробуйте снова." },
  broken: { en: "Something broke on our side. Try again later.", ru: "У нас что-то сломалось. Попробуйте позже." },
  wait: { en: "You can try again in {time}.", ru: "Снова можно будет через {time}." },
  wait_over: { en: "You can try again now.", ru: "Можно пробовать снова." },
  missing: { en: "Fill this in.", ru: "Заполните это поле." },
  short: { en: "At least {number} characters, please.", ru: "Нужно не меньше {number} знаков." },
  wrong_email: { en: "This does not look like an address: name@example.org.", ru: "Это не похоже на адрес: имя@example.org." },
  wrong: { en: "This value does not fit.", ru: "Такое значение не подходит." },
});

/** A moment as people here write it, by the clock of this device. */
export function moment(text) {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(text));
}

/** A moment of a visit, by the clock of its place, whose offset stands in the text. */
export function placeMoment(text, shown = { dateStyle: "medium", timeStyle: "short" }) {
  const timeZone = /[+-]\d\d:\d\d$/.exec(text)?.[0] ?? "UTC";
  return new Intl.DateTimeFormat(language(), { ...shown, timeZone }).format(new Date(text));
}

/** A day as people here write it. */
export function day(text) {
  return new Intl.DateTimeFormat(language(), { dateStyle: "medium" }).format(new Date(text));
}
