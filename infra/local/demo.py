"""The demo of `make run`: masters with their bots and web chats, people of every role, chats in Telegram, bookings.

`load` is called by the runtime at every start: everything is stored once, only the bots learn each time where we
listen.
"""

from __future__ import annotations

import json
import urllib.request
from typing import Any

from functions.booking.imports import BUCKET
from infra import demo_data, demo_people
from infra.demo_data import ORGANISATIONS, SAMPLE_WEBHOOK_SECRET, DemoOrganisation
from infra.demo_people import DemoPerson
from shared import aws, storage
from shared.errors import SettingsInvalid
from shared.ids import new_secret
from shared.secrets import document, path, secret

PEOPLE = (("Ольга", "ru", 700000001), ("Nino", "en", 700000002))
BOOKED = (("anna", "1", "Марина"), ("anna", "3", "Татьяна"), ("anna", "2", "Вера"), ("boris", "3", "Giorgi"))
SPREAD = 9
PASSWORD = "demo/password"  # noqa: S105  # the name of it
ALLOWED_UPDATES = ["message", "callback_query"]


def load(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """What `demo.json` tells besides the addresses."""
    tokens = {bot["username"]: bot["token"] for bot in event["bots"]}
    secrets = {one.bot.account_id: _webhook_secret(one.bot.account_id) for one in ORGANISATIONS}
    demo_data.seed(
        {account_id: [secret, SAMPLE_WEBHOOK_SECRET] for account_id, secret in secrets.items()},
        {one.bot.account_id: tokens[one.bot.username] for one in ORGANISATIONS},
    )
    for organisation in ORGANISATIONS:
        _set_webhook(event, organisation, tokens[organisation.bot.username], secrets[organisation.bot.account_id])
    password = _password()
    if not event["is_loaded"]:
        demo_people.seed(password)
        _load_once(event)
    users = demo_people.known() or demo_people.seed(password)  # data of an older version has no people
    return {
        "masters": [_told(event, one, secrets[one.bot.account_id]) for one in ORGANISATIONS],
        "people": [_person(one, users[one.email], password) for one in demo_people.PEOPLE if one.email in users],
    }


def _webhook_secret(account_id: str) -> str:
    """The secret of the first start, drawn there."""
    try:
        return str(document(f"channels/{account_id}")["webhook_secrets"][0])
    except SettingsInvalid:
        return new_secret()


def _password() -> str:
    """The password of all the demo's people on this machine, drawn at the first start."""
    try:
        return secret(PASSWORD)
    except SettingsInvalid:
        drawn = new_secret()
        aws.client("ssm").put_parameter(Name=path(PASSWORD), Value=drawn, Type="SecureString")
        return drawn


def _person(person: DemoPerson, user_id: str, password: str) -> dict[str, str]:
    return {
        "role": person.role.value,
        "org_id": person.org_id,
        "user_id": user_id,
        "name": person.name,
        "language": person.language,
        "email": person.email,
        "password": password,
    }


def _set_webhook(event: dict[str, Any], organisation: DemoOrganisation, token: str, secret: str) -> None:
    content = {
        "url": f"{event['base_url']}/webhooks/telegram/{organisation.bot.account_id}",
        "secret_token": secret,
        "allowed_updates": ALLOWED_UPDATES,
    }
    _post(f"{event['telegram_url']}/bot{token}/setWebhook", content)


def _load_once(event: dict[str, Any]) -> None:
    for organisation in ORGANISATIONS:
        content = organisation.catalogue.model_dump_json(exclude_none=True, indent=1).encode()
        storage.write(BUCKET, f"catalogues/{organisation.id}/{organisation.master}.json", content, "application/json")
    for name, language, person_id in PEOPLE:
        person = {"first_name": name, "language_code": language, "person_id": person_id}
        _post(f"{event['telegram_url']}/people", person)
    for number, (code, service, client) in enumerate(BOOKED):
        _book(f"{event['base_url']}/v1/booking/masters/{code}", service, client, number)


def _book(master: str, service: str, client: str, number: int) -> None:
    with urllib.request.urlopen(f"{master}/slots?service={service}&days=14") as answer:  # noqa: S310  # our own address
        free = json.load(answer)["items"]
    start = free[min(len(free) - 1, number * SPREAD)]["start"]
    _post(f"{master}/bookings", {"service": service, "start": start, "client_name": client})


def _told(event: dict[str, Any], organisation: DemoOrganisation, secret: str) -> dict[str, Any]:
    bot = organisation.bot
    return {
        "org_id": organisation.id,
        "code": organisation.master,
        "name": organisation.catalogue.name,
        "web_chat": f"{event['base_url']}/chat/{organisation.master}",
        "telegram_chat": f"{event['telegram_url']}/?bot={bot.username}&start={organisation.master}",
        "bot": bot.username,
        "account_id": bot.account_id,
        "webhook": f"{event['base_url']}/webhooks/telegram/{bot.account_id}",
        "webhook_secret": secret,
    }


def _post(url: str, content: dict[str, Any]) -> Any:
    request = urllib.request.Request(  # noqa: S310  # our own address
        url, json.dumps(content).encode(), {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        return json.load(answer)
