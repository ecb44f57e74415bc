"""Checks that what every function needs can be reached.

The requests are made bare, each of a kind that the functions make: their models and tables would be loaded for nothing.
"""

from __future__ import annotations

from shared import aws
from shared.keys import lookup_key
from shared.settings import Stage, resource_name, settings

KEY = {"pk": {"S": "cursor"}, "sk": {"S": "0"}}
NOBODY = {":pk": {"S": "health"}}


def check() -> Stage:
    """The stage's name, when secrets, database and queues answer.

    Raises: SettingsInvalid, ProviderUnavailable, ProviderThrottled.
    """
    lookup_key("health", "check")
    database = aws.client("dynamodb")
    with aws.translated():
        database.batch_get_item(RequestItems={resource_name("timers"): {"Keys": [KEY]}})
        database.query(
            TableName=resource_name("outbox"),
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues=NOBODY,
            Limit=1,
        )
        aws.client("sqs").get_queue_url(QueueName=resource_name("inbound-booking.fifo"))
    return settings().stage
