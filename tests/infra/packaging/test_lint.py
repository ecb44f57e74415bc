"""cfn-lint's view of our templates."""

from __future__ import annotations

import json

import pytest

from infra.packaging import lint
from infra.packaging.errors import PackagingError
from infra.packaging.template import Template, minified


@pytest.mark.deep
def test_it_has_nothing_to_say(prod: Template) -> None:
    lint.check(minified(prod))


def test_what_it_says_is_told() -> None:
    bucket = {"Type": "AWS::S3::Bucket", "Properties": {"BucketNames": "x"}}
    with pytest.raises(PackagingError, match=r"Resources/Files/Properties.*BucketNames"):
        lint.check(json.dumps({"Resources": {"Files": bucket}}))
