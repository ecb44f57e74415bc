// What roles and rights are called.

import { language } from "/assets/shared/words.js";

const ROLES = {
  administrator: { en: "Administrator", ru: "Администратор" },
  master: { en: "Master", ru: "Мастер" },
  client: { en: "Client", ru: "Клиент" },
  sms_operator: { en: "SMS operator", ru: "Оператор SMS" },
  service: { en: "Service", ru: "Сервис" },
  analyst: { en: "Analyst", ru: "Аналитик" },
  smm_director: { en: "SMM director", ru: "SMM-директор" },
  buyer: { en: "Buyer", ru: "Покупатель" },
  seller: { en: "Seller", ru: "Продавец" },
  shop: { en: "Shop", ru: "Магазин" },
  marketplace_staff: { en: "Marketplace staff", ru: "Сотрудник маркетплейса" },
  support: { en: "Support", ru: "Поддержка" },
  anti_fraud: { en: "Anti-fraud", ru: "Антифрод" },
  marketing: { en: "Marketing", ru: "Маркетинг" },
};
const RIGHTS = {
  "accounts.organisation.read": { en: "See the organisation", ru: "Видеть организацию" },
  "accounts.organisation.change": { en: "Change the organisation", ru: "Менять организацию" },
  "accounts.members.read": { en: "See members", ru: "Видеть участников" },
  "accounts.members.change": { en: "Change members", ru: "Менять участников" },
  "accounts.teams.change": { en: "Change teams", ru: "Менять команды" },
  "accounts.sessions.end": { en: "End others' sessions", ru: "Завершать чужие сеансы" },
  "accounts.keys.read": { en: "See API keys", ru: "Видеть ключи API" },
  "accounts.keys.change": { en: "Change API keys", ru: "Менять ключи API" },
  "accounts.audit.read": { en: "Read the audit log", ru: "Читать журнал" },
  "accounts.notices.read": { en: "Read notices", ru: "Читать предупреждения" },
  "accounts.people.export": { en: "Export a client's data", ru: "Выгружать данные клиента" },
  "accounts.people.remove": { en: "Remove a client's data", ru: "Удалять данные клиента" },
  "booking.bookings.read": { en: "See all bookings", ru: "Видеть все записи" },
  "booking.bookings.read_own": { en: "See own bookings", ru: "Видеть свои записи" },
  "booking.catalogue.change": { en: "Change the catalogue", ru: "Менять каталог услуг" },
  "sms.messages.send": { en: "Send SMS", ru: "Отправлять SMS" },
  "sms.messages.read": { en: "Read SMS", ru: "Читать SMS" },
  "rules.rules.read": { en: "See rules of contact", ru: "Видеть правила контакта" },
  "rules.rules.change": { en: "Change rules of contact", ru: "Менять правила контакта" },
  "crawler.sources.read": { en: "See sources", ru: "Видеть источники" },
  "crawler.sources.change": { en: "Change sources", ru: "Менять источники" },
  "reports.reports.read": { en: "Read reports", ru: "Читать отчёты" },
  "reports.reports.change": { en: "Change reports", ru: "Менять отчёты" },
  "calls.calls.join": { en: "Join calls", ru: "Входить в звонки" },
  "calls.calls.open": { en: "Open calls", ru: "Начинать звонки" },
  "calls.recordings.read": { en: "Hear recordings", ru: "Слушать записи звонков" },
  "calls.deals.read": { en: "See deals", ru: "Видеть сделки" },
  "calls.fraud.decide": { en: "Decide on fraud", ru: "Решать о мошенничестве" },
  "calls.funnels.read": { en: "See funnels", ru: "Видеть воронки" },
  "robot.dialogs.read": { en: "Read dialogs", ru: "Читать диалоги" },
  "robot.dialogs.answer": { en: "Answer in dialogs", ru: "Отвечать в диалогах" },
  "robot.scripts.change": { en: "Change scripts", ru: "Менять сценарии" },
};

/** All roles, by their names in the API. */
export const ROLE_NAMES = Object.keys(ROLES);

/** What a role is called; a newer one by its own name. */
export function roleName(role) {
  return ROLES[role]?.[language()] ?? ROLES[role]?.en ?? role;
}

/** What a right is called; a newer one by its own name. */
export function rightName(right) {
  return RIGHTS[right]?.[language()] ?? RIGHTS[right]?.en ?? right;
}
