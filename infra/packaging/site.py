"""The site: CloudFront before the pages' bucket and the API, so that both have one address."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from infra.packaging import pages
from infra.packaging.buckets import bucket_id
from infra.packaging.naming import API, API_STAGE, SOCKET_API, attribute, full_name, ref, sub
from infra.packaging.parameters import HAS_CERTIFICATE, HAS_EDGE_KEY, PUBLIC_HOST, SITE
from shared.http.pages import security_headers

REWRITE = Path(__file__).with_name("rewrite.js")
FUNCTION, HEADERS, ACCESS = f"{SITE}Rewrite", f"{SITE}Headers", f"{SITE}Access"
BUCKET = bucket_id("pages")
PAGES_ORIGIN, API_ORIGIN = "pages", "api"
EDGE_HEADER = "X-Svyaz-Edge"
# Policies that AWS keeps for everybody.
# Source: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html,
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_VIEWER_EXCEPT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
SOCKET_PLACE = "socket.invalid"
SOCKET_HOST = f"${{{SOCKET_API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"


def resources(stage: str) -> dict[str, dict[str, Any]]:
    """The distribution and what it needs."""
    return {
        SITE: _distribution(stage),
        FUNCTION: _function(stage),
        HEADERS: _headers(stage),
        ACCESS: _access(stage),
    }


def reader() -> dict[str, Any]:
    """The right of the distribution alone to read the pages' bucket."""
    distribution = sub(f"arn:${{AWS::Partition}}:cloudfront::${{AWS::AccountId}}:distribution/${{{SITE}}}")
    return {
        "Sid": "OnlyTheSite",
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Action": "s3:GetObject",
        "Resource": sub(f"${{{BUCKET}.Arn}}/*"),
        "Condition": {"StringEquals": {"AWS:SourceArn": distribution}},
    }


def rewrite_code() -> str:
    """The program that finds the file of an address."""
    keys = [f"/{each.key}" for each in pages.files() if each.key.startswith("assets/")]
    content = {"pages": list(pages.patterns().items()), "files": keys}
    return REWRITE.read_text(encoding="utf-8").replace("__CONTENT__", json.dumps(content))


def _function(stage: str) -> dict[str, Any]:
    config = {"Comment": "Which file an address means", "Runtime": "cloudfront-js-2.0"}
    properties = {
        "Name": full_name(stage, "pages"),
        "AutoPublish": True,
        "FunctionCode": rewrite_code(),
        "FunctionConfig": config,
    }
    return {"Type": "AWS::CloudFront::Function", "Properties": properties}


def _headers(stage: str) -> dict[str, Any]:
    """The headers that the functions send with pages; for some CloudFront has names of its own."""
    sent = security_headers(f"wss://{SOCKET_PLACE}")
    policy = sub(sent.pop("Content-Security-Policy").replace(SOCKET_PLACE, SOCKET_HOST))
    known = {
        "ContentSecurityPolicy": {"ContentSecurityPolicy": policy, "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": sent.pop("Referrer-Policy"), "Override": True},
        "ContentTypeOptions": {"Override": sent.pop("X-Content-Type-Options") == "nosniff"},
    }
    plain = [{"Header": name, "Value": value, "Override": True} for name, value in sent.items()]
    config = {
        "Name": full_name(stage, "pages"),
        "SecurityHeadersConfig": known,
        "CustomHeadersConfig": {"Items": plain},
    }
    return {"Type": "AWS::CloudFront::ResponseHeadersPolicy", "Properties": {"ResponseHeadersPolicyConfig": config}}


def _access(stage: str) -> dict[str, Any]:
    config = {
        "Name": full_name(stage, "pages"),
        "OriginAccessControlOriginType": "s3",
        "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }
    return {"Type": "AWS::CloudFront::OriginAccessControl", "Properties": {"OriginAccessControlConfig": config}}


def _distribution(stage: str) -> dict[str, Any]:
    config = {
        "Comment": full_name(stage, "site"),
        "Enabled": True,
        "HttpVersion": "http2and3",
        "IPV6Enabled": True,
        "PriceClass": "PriceClass_100",
        "Aliases": {"Fn::If": [HAS_CERTIFICATE, [PUBLIC_HOST], ref("AWS::NoValue")]},
        "ViewerCertificate": {"Fn::If": [HAS_CERTIFICATE, _certificate(), {"CloudFrontDefaultCertificate": True}]},
        "Origins": [_pages_origin(), _api_origin()],
        "DefaultCacheBehavior": _api_behaviour(),
        "CacheBehaviors": [{"PathPattern": pattern, **_pages_behaviour()} for pattern in pages.BEHAVIOURS],
    }
    return {"Type": "AWS::CloudFront::Distribution", "Properties": {"DistributionConfig": config}}


def _certificate() -> dict[str, Any]:
    return {
        "AcmCertificateArn": ref("CertificateArn"),
        "MinimumProtocolVersion": "TLSv1.2_2021",
        "SslSupportMethod": "sni-only",
    }


def _pages_origin() -> dict[str, Any]:
    return {
        "Id": PAGES_ORIGIN,
        "DomainName": attribute(BUCKET, "RegionalDomainName"),
        "OriginAccessControlId": ref(ACCESS),
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


def _api_origin() -> dict[str, Any]:
    edge = [{"HeaderName": EDGE_HEADER, "HeaderValue": ref("EdgeKey")}]
    return {
        "Id": API_ORIGIN,
        "DomainName": sub(f"${{{API}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}"),
        "OriginPath": f"/{API_STAGE}",
        "CustomOriginConfig": {"OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"]},
        "OriginCustomHeaders": {"Fn::If": [HAS_EDGE_KEY, edge, ref("AWS::NoValue")]},
    }


def _pages_behaviour() -> dict[str, Any]:
    return {
        "TargetOriginId": PAGES_ORIGIN,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD"],
        "Compress": True,
        "CachePolicyId": CACHING_OPTIMIZED,
        "ResponseHeadersPolicyId": ref(HEADERS),
        "FunctionAssociations": [{"EventType": "viewer-request", "FunctionARN": attribute(FUNCTION, "FunctionARN")}],
    }


def _api_behaviour() -> dict[str, Any]:
    return {
        "TargetOriginId": API_ORIGIN,
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": ["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_VIEWER_EXCEPT_HOST,
    }
