// The start page's words.

export const WORDS = {
  "sections": {"en": "Sections", "ru": "Разделы"},
  "docs_short": {"en": "API", "ru": "API"},
  "title": {"en": "Clients book in the chat they already use", "ru": "Клиенты записываются там, где и так переписываются"},
  "lead": {"en": "Svyaz answers your clients in messengers and in a web chat: it shows free times, books and cancels visits, and reminds of them. It runs as serverless functions.", "ru": "Svyaz отвечает клиентам в мессенджерах и в веб-чате: показывает свободное время, записывает, отменяет записи, напоминает о них. Работает на бессерверных функциях."},
  "working": {"en": "Everything works", "ru": "Всё работает"},
  "working_local": {"en": "Everything works, on this machine", "ru": "Всё работает, на этой машине"},
  "broken": {"en": "Something does not answer", "ru": "Что-то не отвечает"},
  "chats": {"en": "Book a visit", "ru": "Записаться"},
  "code": {"en": "Open a master's chat", "ru": "Открыть чат мастера"},
  "code_help": {"en": "The code is the last part of the master's link.", "ru": "Код стоит в конце ссылки мастера."},
  "open": {"en": "Open", "ru": "Открыть"},
  "tools": {"en": "Behind the scenes", "ru": "За кулисами"},
  "tools_help": {"en": "Only on this machine: what a phone, a mailbox and a clock would show.", "ru": "Только на этой машине: то, что показали бы телефон, почта и часы."},
  "developers": {"en": "For developers", "ru": "Разработчикам"},
  "docs": {"en": "API to read", "ru": "Описание API"},
  "docs_help": {"en": "Every request with its parameters, answers and errors.", "ru": "Каждый запрос, его параметры, ответы и ошибки."},
  "openapi": {"en": "OpenAPI document", "ru": "Документ OpenAPI"},
  "openapi_help": {"en": "The same for programs, version 3.1.", "ru": "То же для программ, версия 3.1."},
  "health": {"en": "Health", "ru": "Состояние"},
  "health_help": {"en": "Whether database, queues and secrets answer.", "ru": "Отвечают ли база, очереди и секреты."}
};
