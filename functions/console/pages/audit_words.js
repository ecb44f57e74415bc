// What the audit log's actions, ways, actors and ends are called.

import { language } from "/assets/shared/words.js";

const SYSTEMS = {
  "accounts": {"en": "Accounts", "ru": "Аккаунты"},
  "booking": {"en": "Bookings", "ru": "Записи"},
  "messengers": {"en": "Messengers", "ru": "Мессенджеры"},
  "platform": {"en": "Platform", "ru": "Платформа"}
};
const ACTIONS = {
  "accounts.login": {"en": "Signing in", "ru": "Вход"},
  "accounts.login_second_factor": {"en": "Signing in by a second factor", "ru": "Вход по второму фактору"},
  "accounts.login_by_telegram": {"en": "Signing in by Telegram", "ru": "Вход через Telegram"},
  "accounts.browser_login": {"en": "Signing in on the page", "ru": "Вход на странице"},
  "accounts.browser_second_factor": {"en": "Signing in on the page by a second factor", "ru": "Вход на странице по второму фактору"},
  "accounts.browser_login_by_telegram": {"en": "Signing in on the page by Telegram", "ru": "Вход на странице через Telegram"},
  "accounts.return_from_vk": {"en": "Return from VK ID", "ru": "Возврат из VK ID"},
  "accounts.logout": {"en": "Signing out", "ru": "Выход"},
  "accounts.browser_logout": {"en": "Signing out on the page", "ru": "Выход на странице"},
  "accounts.refresh_tokens": {"en": "Prolonging a session", "ru": "Продление сеанса"},
  "accounts.browser_refresh": {"en": "Prolonging a session on the page", "ru": "Продление сеанса на странице"},
  "accounts.session.opened": {"en": "Session opened", "ru": "Сеанс открыт"},
  "accounts.session.switched": {"en": "Session switched to another organisation", "ru": "Сеанс перешёл в другую организацию"},
  "accounts.session.ended": {"en": "Session ended", "ru": "Сеанс завершён"},
  "accounts.session.reused": {"en": "Session used by two, ended", "ru": "Сеансом пользовались двое, он завершён"},
  "accounts.end_own_session": {"en": "Ending one's own session", "ru": "Завершение своего сеанса"},
  "accounts.end_own_sessions": {"en": "Ending all one's own sessions", "ru": "Завершение всех своих сеансов"},
  "accounts.end_member_sessions": {"en": "Ending a member's sessions", "ru": "Завершение сеансов участника"},
  "accounts.register": {"en": "Registering", "ru": "Регистрация"},
  "accounts.confirm_registration": {"en": "Confirming a registration", "ru": "Подтверждение регистрации"},
  "accounts.registration.confirmed": {"en": "Registration confirmed", "ru": "Регистрация подтверждена"},
  "accounts.user.created": {"en": "Account made", "ru": "Аккаунт создан"},
  "accounts.profile.changed": {"en": "Profile changed", "ru": "Профиль изменён"},
  "accounts.change_me": {"en": "Changing one's profile", "ru": "Изменение своего профиля"},
  "accounts.password.changed": {"en": "Password changed", "ru": "Пароль изменён"},
  "accounts.password.reset": {"en": "Forgotten password replaced", "ru": "Забытый пароль заменён"},
  "accounts.change_password": {"en": "Changing one's password", "ru": "Изменение своего пароля"},
  "accounts.ask_password_reset": {"en": "Asking to replace a forgotten password", "ru": "Запрос на замену забытого пароля"},
  "accounts.confirm_password_reset": {"en": "Replacing a forgotten password", "ru": "Замена забытого пароля"},
  "accounts.email.change_asked": {"en": "Change of e-mail asked for", "ru": "Запрошена смена эл. почты"},
  "accounts.email.changed": {"en": "E-mail changed", "ru": "Эл. почта изменена"},
  "accounts.email.change_stopped": {"en": "Change of e-mail stopped", "ru": "Смена эл. почты остановлена"},
  "accounts.ask_email_change": {"en": "Asking for a change of e-mail", "ru": "Запрос на смену эл. почты"},
  "accounts.confirm_email_change": {"en": "Confirming a change of e-mail", "ru": "Подтверждение смены эл. почты"},
  "accounts.stop_email_change": {"en": "Stopping a change of e-mail", "ru": "Остановка смены эл. почты"},
  "accounts.second_factor.on": {"en": "Second factor switched on", "ru": "Второй фактор включён"},
  "accounts.second_factor.off": {"en": "Second factor switched off", "ru": "Второй фактор отключён"},
  "accounts.second_factor.recovery_renewed": {"en": "Recovery codes renewed", "ru": "Коды восстановления обновлены"},
  "accounts.second_factor.recovery_used": {"en": "Recovery code used", "ru": "Использован код восстановления"},
  "accounts.begin_second_factor": {"en": "Setting up a second factor", "ru": "Настройка второго фактора"},
  "accounts.confirm_second_factor": {"en": "Switching a second factor on", "ru": "Включение второго фактора"},
  "accounts.renew_recovery_codes": {"en": "Renewing recovery codes", "ru": "Обновление кодов восстановления"},
  "accounts.switch_off_second_factor": {"en": "Switching a second factor off", "ru": "Отключение второго фактора"},
  "accounts.identity.connected": {"en": "Another way to sign in connected", "ru": "Подключён другой способ входа"},
  "accounts.identity.disconnected": {"en": "Another way to sign in disconnected", "ru": "Отключён другой способ входа"},
  "accounts.connect_telegram": {"en": "Connecting Telegram", "ru": "Подключение Telegram"},
  "accounts.disconnect_telegram": {"en": "Disconnecting Telegram", "ru": "Отключение Telegram"},
  "accounts.connect_vk": {"en": "Connecting VK ID", "ru": "Подключение VK ID"},
  "accounts.disconnect_vk": {"en": "Disconnecting VK ID", "ru": "Отключение VK ID"},
  "accounts.person.export_asked": {"en": "Copy of personal data asked for", "ru": "Запрошена копия личных данных"},
  "accounts.person.exported": {"en": "Copy of personal data made", "ru": "Копия личных данных готова"},
  "accounts.person.file_read": {"en": "Copy of personal data fetched", "ru": "Копия личных данных скачана"},
  "accounts.person.remove_asked": {"en": "Removal of personal data asked for", "ru": "Запрошено удаление личных данных"},
  "accounts.person.removed": {"en": "Personal data removed", "ru": "Личные данные удалены"},
  "accounts.export_me": {"en": "Asking for a copy of one's own data", "ru": "Запрос копии своих данных"},
  "accounts.remove_me": {"en": "Asking for the removal of one's account", "ru": "Запрос на удаление своего аккаунта"},
  "accounts.export_client": {"en": "Asking for a copy of a client's data", "ru": "Запрос копии данных клиента"},
  "accounts.remove_client": {"en": "Asking for the removal of a client's data", "ru": "Запрос на удаление данных клиента"},
  "accounts.organisation.founded": {"en": "Organisation founded", "ru": "Организация создана"},
  "accounts.organisation.changed": {"en": "Organisation changed", "ru": "Организация изменена"},
  "accounts.found_organisation": {"en": "Founding an organisation", "ru": "Создание организации"},
  "accounts.change_organisation": {"en": "Changing the organisation", "ru": "Изменение организации"},
  "accounts.switch_organisation": {"en": "Switching to another organisation", "ru": "Переход в другую организацию"},
  "accounts.member.changed": {"en": "Member changed", "ru": "Участник изменён"},
  "accounts.member.removed": {"en": "Member taken out", "ru": "Участник исключён"},
  "accounts.change_member": {"en": "Changing a member", "ru": "Изменение участника"},
  "accounts.remove_member": {"en": "Taking a member out", "ru": "Исключение участника"},
  "accounts.invitation.sent": {"en": "Invitation sent", "ru": "Приглашение отправлено"},
  "accounts.invitation.accepted": {"en": "Invitation accepted", "ru": "Приглашение принято"},
  "accounts.invitation.revoked": {"en": "Invitation taken back", "ru": "Приглашение отозвано"},
  "accounts.create_invitation": {"en": "Sending an invitation", "ru": "Отправка приглашения"},
  "accounts.accept_invitation": {"en": "Accepting an invitation", "ru": "Принятие приглашения"},
  "accounts.register_by_invitation": {"en": "Registering by an invitation", "ru": "Регистрация по приглашению"},
  "accounts.revoke_invitation": {"en": "Taking an invitation back", "ru": "Отзыв приглашения"},
  "accounts.team.created": {"en": "Team made", "ru": "Команда создана"},
  "accounts.team.changed": {"en": "Team changed", "ru": "Команда изменена"},
  "accounts.team.removed": {"en": "Team removed", "ru": "Команда удалена"},
  "accounts.create_team": {"en": "Making a team", "ru": "Создание команды"},
  "accounts.change_team": {"en": "Changing a team", "ru": "Изменение команды"},
  "accounts.remove_team": {"en": "Removing a team", "ru": "Удаление команды"},
  "accounts.key.created": {"en": "API key made", "ru": "Ключ API создан"},
  "accounts.key.revoked": {"en": "API key revoked", "ru": "Ключ API отозван"},
  "accounts.create_key": {"en": "Making an API key", "ru": "Создание ключа API"},
  "accounts.revoke_key": {"en": "Revoking an API key", "ru": "Отзыв ключа API"},
  "accounts.suspicion.guessing": {"en": "Notice: guessing", "ru": "Предупреждение: подбор пароля"},
  "accounts.suspicion.reused_token": {"en": "Notice: a login used by two", "ru": "Предупреждение: одним входом пользовались двое"},
  "accounts.suspicion.strange_place": {"en": "Notice: a strange place", "ru": "Предупреждение: непривычное место"},
  "accounts.suspicion.refused_rights": {"en": "Notice: many refusals", "ru": "Предупреждение: много отказов в правах"},
  "accounts.suspicion.bulk_reading": {"en": "Notice: bulk reading", "ru": "Предупреждение: массовое чтение"},
  "booking.booking.created": {"en": "Booking made", "ru": "Запись создана"},
  "booking.booking.cancelled": {"en": "Booking cancelled", "ru": "Запись отменена"},
  "booking.booking.renamed": {"en": "Client's name in a booking changed", "ru": "В записи изменено имя клиента"},
  "booking.create_booking": {"en": "Making a booking", "ru": "Создание записи"},
  "booking.link.followed": {"en": "Client came by a master's link", "ru": "Клиент пришёл по ссылке мастера"},
  "booking.catalogue.imported": {"en": "Catalogue loaded", "ru": "Каталог услуг загружен"},
  "messengers.take_webhook": {"en": "Message from a messenger", "ru": "Сообщение из мессенджера"},
  "messengers.issue_ticket": {"en": "Opening a web chat", "ru": "Открытие веб-чата"},
  "messengers.issue_own_ticket": {"en": "Opening a web chat as oneself", "ru": "Открытие веб-чата от своего имени"},
  "platform.socket.opened": {"en": "Connection opened", "ru": "Соединение открыто"},
  "platform.socket.frame": {"en": "Message over a connection", "ru": "Сообщение по соединению"}
};
const WAYS = {
  "http": {"en": "site or API", "ru": "сайт или API"},
  "bot": {"en": "messenger", "ru": "мессенджер"},
  "socket": {"en": "web chat", "ru": "веб-чат"},
  "link": {"en": "link", "ru": "ссылка"},
  "key": {"en": "API key", "ru": "ключ API"},
  "cron": {"en": "schedule", "ru": "расписание"},
  "queue": {"en": "in the background", "ru": "в фоне"},
  "system": {"en": "by itself", "ru": "само по себе"}
};
const ACTORS = {
  "user": {"en": "person", "ru": "человек"},
  "key": {"en": "API key", "ru": "ключ API"},
  "client": {"en": "client", "ru": "клиент"},
  "guest": {"en": "guest", "ru": "гость"},
  "system": {"en": "Svyaz itself", "ru": "сам Svyaz"}
};
const RESULTS = {
  "done": {"en": "done", "ru": "сделано"},
  "refused": {"en": "refused", "ru": "отказано"},
  "failed": {"en": "failed", "ru": "сбой"}
};

/** What an action, a way, a kind of actor, a result and a system are called; a newer one by its own name. */
export const actionName = namesIn(ACTIONS);
export const wayName = namesIn(WAYS);
export const actorName = namesIn(ACTORS);
export const resultName = namesIn(RESULTS);
export const systemName = namesIn(SYSTEMS);

/** All results, by their names in the API. */
export const RESULT_NAMES = Object.keys(RESULTS);

/** The actions of each system: [the system, its actions]. */
export const ACTIONS_BY_SYSTEM = Object.keys(SYSTEMS).map((system) => [system, Object.keys(ACTIONS).filter((action) => action.startsWith(`${system}.`))]);

function namesIn(words) {
  return (name) => (Object.hasOwn(words, name) ? words[name][language()] ?? words[name].en : name);
}
