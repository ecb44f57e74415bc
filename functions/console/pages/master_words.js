// The words of the bookings ahead.

export const WORDS = {
  "title": {"en": "Visits ahead", "ru": "Предстоящие визиты"},
  "title_own": {"en": "Your visits ahead", "ru": "Ваши предстоящие визиты"},
  "next_visit": {"en": "Next: {name}, {service}, {day} at {time}.", "ru": "Дальше: {name}, {service}, {day} в {time}."},
  "next_none": {"en": "Nobody has booked yet: give clients the link to the chat.", "ru": "Пока никто не записан: дайте клиентам ссылку на чат."},
  "empty": {"en": "When somebody books, the visit stands here at once.", "ru": "Как только кто-то запишется, визит появится здесь."}
};
