"""What a deployment is asked for, and what it tells its functions and its owner."""

from __future__ import annotations

from typing import Any

from infra.packaging.naming import API, API_STAGE, BUCKET_SUFFIX, SOCKET_API, attribute, bucket_name, ref, sub

SITE = "Site"
HAS_PUBLIC_BASE_URL = "HasPublicBaseUrl"
HAS_CERTIFICATE = "HasCertificate"
HAS_EDGE_KEY = "HasEdgeKey"
ADDRESS = r"^[^@\s]+@[^@\s]+$"

PARAMETERS: dict[str, dict[str, Any]] = {
    "MailFrom": {
        "Type": "String",
        "Description": "The address that letters come from; SES must have verified it or its domain",
        "AllowedPattern": ADDRESS,
    },
    "OperatorMail": {
        "Type": "String",
        "Description": "Who is told of alarms",
        "AllowedPattern": ADDRESS,
    },
    "PublicBaseUrl": {
        "Type": "String",
        "Description": "Where people reach the product, such as https://svyaz.example; empty: CloudFront's address",
        "Default": "",
        "AllowedPattern": r"^(https://[^\s/]+)?$",
    },
    "CertificateArn": {
        "Type": "String",
        "Description": "The certificate (us-east-1) of PublicBaseUrl's host; empty where another server stands before",
        "Default": "",
        "AllowedPattern": r"^(arn:aws[a-z-]*:acm:us-east-1:\d{12}:certificate/[0-9a-f-]+)?$",
    },
    "EdgeKey": {
        "Type": "String",
        "Description": "The secret keys/edge, by which the functions know that CloudFront asks and whom it asks for",
        "Default": "",
        "NoEcho": True,
    },
    "TelegramApiUrl": {
        "Type": "String",
        "Description": "Where Telegram's Bot API is",
        "Default": "https://api.telegram.org",
        "AllowedPattern": r"^https://[^\s/]+$",
    },
}
CONDITIONS = {
    HAS_PUBLIC_BASE_URL: {"Fn::Not": [{"Fn::Equals": [ref("PublicBaseUrl"), ""]}]},
    HAS_CERTIFICATE: {"Fn::Not": [{"Fn::Equals": [ref("CertificateArn"), ""]}]},
    HAS_EDGE_KEY: {"Fn::Not": [{"Fn::Equals": [ref("EdgeKey"), ""]}]},
}
PUBLIC_BASE_URL = {"Fn::If": [HAS_PUBLIC_BASE_URL, ref("PublicBaseUrl"), sub(f"https://${{{SITE}.DomainName}}")]}
PUBLIC_HOST = {"Fn::Select": [2, {"Fn::Split": ["/", ref("PublicBaseUrl")]}]}
MAIL_DOMAIN = {"Fn::Select": [1, {"Fn::Split": ["@", ref("MailFrom")]}]}
_SOCKET_HOST = f"${{{SOCKET_API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"


def environment(stage: str) -> dict[str, Any]:
    """The settings of every function, see `shared.settings`; none is a secret."""
    return {
        "SVYAZ_STAGE": stage,
        "SVYAZ_PUBLIC_BASE_URL": PUBLIC_BASE_URL,
        "SVYAZ_WEBSOCKET_URL": sub(f"wss://{_SOCKET_HOST}/{API_STAGE}"),
        "SVYAZ_CONNECTIONS_URL": sub(f"https://{_SOCKET_HOST}/{API_STAGE}"),
        "SVYAZ_MAIL_FROM": ref("MailFrom"),
        "SVYAZ_OPERATOR_MAIL": ref("OperatorMail"),
        "SVYAZ_TELEGRAM_API_URL": ref("TelegramApiUrl"),
        "SVYAZ_BUCKET_SUFFIX": sub(BUCKET_SUFFIX),
    }


def outputs(stage: str) -> dict[str, Any]:
    """What the owner is told after a deployment."""
    api = f"https://${{{API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}/{API_STAGE}"
    told = {
        "PublicBaseUrl": PUBLIC_BASE_URL,
        "ApiUrl": sub(api),
        "WebsocketUrl": sub(f"wss://{_SOCKET_HOST}/{API_STAGE}"),
        "SiteDomain": attribute(SITE, "DomainName"),
        "SiteId": ref(SITE),
        "PagesBucket": sub(bucket_name(stage, "pages")),
        "ImportsBucket": sub(bucket_name(stage, "imports")),
    }
    return {name: {"Value": value} for name, value in told.items()}
