"""The site: CloudFront's program, headers and ways."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest
from playwright._impl._driver import compute_driver_executable

from infra.packaging import pages, site
from infra.packaging.intrinsics import Resolver
from infra.packaging.template import Template
from infra.triggers import triggers
from shared.http.pages import security_headers
from tests.infra.packaging.conftest import properties

NODE, _ = compute_driver_executable()


def rewritten(*addresses: str) -> list[Any]:
    """What CloudFront's program makes of addresses, in the JavaScript that Playwright brings along."""
    ask = f"""
    const handle = new Function({json.dumps(site.rewrite_code())} + '; return handler;')();
    const event = (uri) => ({{ context: {{ requestId: 'r1' }}, request: {{ uri, method: 'GET' }} }});
    console.log(JSON.stringify({json.dumps(addresses)}.map((uri) => handle(event(uri)))));
    """
    command = [str(NODE), "-e", ask]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)  # noqa: S603  # ours
    found: list[Any] = json.loads(run.stdout)
    return found


def test_addresses_mean_the_keys_of_the_bucket() -> None:
    addresses = [address.format(master="anna") for address in pages.PAGES]
    keys = {f"/{each.key}" for each in pages.files()}
    found = [request["uri"] for request in rewritten(*addresses)]
    assert found == [f"/{pages.page_key(address)}" for address in pages.PAGES]
    assert set(found) <= keys


def test_assets_keep_their_addresses() -> None:
    addresses = [f"/{each.key}" for each in pages.files() if each.key.startswith("assets/")]
    assert [request["uri"] for request in rewritten(*addresses)] == addresses


@pytest.mark.parametrize(
    "address",
    [
        *("/chat/", "/chat/a/b", "/chat/anna%2F", "/chat/<x>", "/docsx", "/openapiXjson", "/nothing"),
        *("/assets/shared/none.css", "/assets/shared/", "/pages/home", "/assets/../pages/home"),
    ],
)
def test_anything_else_is_a_problem(address: str) -> None:
    [answer] = rewritten(address)
    assert (answer["statusCode"], answer["headers"]["content-type"]["value"]) == (404, "application/problem+json")
    problem = json.loads(answer["body"])
    assert problem.keys() == {"type", "title", "status", "detail", "correlation_id"}
    assert problem["correlation_id"] == "r1"


def test_pages_carry_the_headers_of_the_functions(dev: Template) -> None:
    config = dev["Resources"]["SiteHeaders"]["Properties"]["ResponseHeadersPolicyConfig"]
    known = config["SecurityHeadersConfig"]
    found = {each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]}
    policy = Resolver(dev, {}).value(known["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    found |= {
        "Content-Security-Policy": policy,
        "Referrer-Policy": known["ReferrerPolicy"]["ReferrerPolicy"],
        "X-Content-Type-Options": "nosniff" if known["ContentTypeOptions"]["Override"] else "",
    }
    assert found == security_headers("wss://WebsocketAPI.execute-api.eu-central-1.amazonaws.com/api")


def test_every_page_has_its_way_and_no_other_route_takes_it(dev: Template) -> None:
    config = dev["Resources"]["Site"]["Properties"]["DistributionConfig"]
    assert {each["TargetOriginId"] for each in config["CacheBehaviors"]} == {"pages"}
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == "api"
    patterns = [re.escape(each["PathPattern"]).replace(r"\*", ".*") for each in config["CacheBehaviors"]]
    for route in triggers().routes:
        is_page = any(re.fullmatch(pattern, route.path) for pattern in patterns)
        assert is_page is (route.path in pages.PAGES or route.path in pages.ASSETS)


def test_the_api_is_asked_with_the_key_where_there_is_one(dev: Template) -> None:
    origins = properties(dev, "AWS::CloudFront::Distribution")["Site"]["DistributionConfig"]["Origins"]
    [api] = [each for each in origins if each["Id"] == "api"]
    with_key = Resolver(dev, {"EdgeKey": "k"}).value(api["OriginCustomHeaders"])
    assert with_key == [{"HeaderName": "X-Svyaz-Edge", "HeaderValue": "k"}]
    assert dev["Parameters"]["EdgeKey"]["NoEcho"] is True


def test_a_host_of_ones_own_needs_a_certificate(dev: Template) -> None:
    config = properties(dev, "AWS::CloudFront::Distribution")["Site"]["DistributionConfig"]
    own = {"PublicBaseUrl": "https://svyaz.example", "CertificateArn": "arn:aws:acm:us-east-1:1:certificate/a"}
    assert Resolver(dev, own).value(config["Aliases"]) == ["svyaz.example"]
    assert Resolver(dev, {}).value(config["ViewerCertificate"]) == {"CloudFrontDefaultCertificate": True}
