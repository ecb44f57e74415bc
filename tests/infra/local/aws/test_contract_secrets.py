"""What `shared/secrets` relies on in KMS, SSM and Secrets Manager."""

import pytest
from botocore.exceptions import ClientError

from tests.infra.local.aws.conftest import Client


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    """The error's code."""
    return str(error.value.response["Error"]["Code"])


def test_kms_gives_data_keys_back(client: Client) -> None:
    """By alias, with an encryption context that must be repeated."""
    kms = client("kms")
    key = kms.create_key(Description="secrets")["KeyMetadata"]["Arn"]
    kms.create_alias(AliasName="alias/secrets", TargetKeyId=key)
    context = {"org": "org_1"}
    made = kms.generate_data_key(KeyId="alias/secrets", KeySpec="AES_256", EncryptionContext=context)
    assert (made["KeyId"], len(made["Plaintext"])) == (key, 32)
    opened = kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext=context)
    assert opened["Plaintext"] == made["Plaintext"]
    with pytest.raises(ClientError) as refused:
        kms.decrypt(CiphertextBlob=made["CiphertextBlob"], EncryptionContext={"org": "org_2"})
    assert code(refused) == "InvalidCiphertextException"


def test_kms_encrypts_and_decrypts(client: Client) -> None:
    """Small texts; each time another ciphertext."""
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    first, second = (kms.encrypt(KeyId=key, Plaintext="секрет".encode())["CiphertextBlob"] for _ in range(2))
    assert first != second
    assert kms.decrypt(CiphertextBlob=first)["Plaintext"].decode() == "секрет"
    with pytest.raises(ClientError) as refused:
        kms.decrypt(CiphertextBlob=b"not a ciphertext")
    assert code(refused) == "InvalidCiphertextException"
    with pytest.raises(ClientError) as unknown:
        kms.encrypt(KeyId="alias/none", Plaintext=b"x")
    assert code(unknown) == "NotFoundException"


def test_ssm_gives_secure_strings(client: Client) -> None:
    """Several at once, the unknown ones named; readable only when asked for."""
    ssm = client("ssm")
    ssm.put_parameter(Name="/svyaz/a", Value="one", Type="SecureString")
    ssm.put_parameter(Name="/svyaz/b", Value="two", Type="String")
    names = ["/svyaz/a", "/svyaz/b", "/svyaz/none"]
    found = ssm.get_parameters(Names=names, WithDecryption=True)
    assert {one["Name"]: one["Value"] for one in found["Parameters"]} == {"/svyaz/a": "one", "/svyaz/b": "two"}
    assert found["InvalidParameters"] == ["/svyaz/none"]
    hidden = ssm.get_parameters(Names=["/svyaz/a"])["Parameters"][0]
    assert (hidden["Type"], hidden["Value"] == "one") == ("SecureString", False)
    with pytest.raises(ClientError) as refused:
        ssm.put_parameter(Name="/svyaz/a", Value="other", Type="SecureString")
    assert code(refused) == "ParameterAlreadyExists"


def test_secrets_have_versions(client: Client) -> None:
    """The value before stays readable during rotation."""
    secrets = client("secretsmanager")
    secrets.create_secret(Name="svyaz/webhook", SecretString="old")
    secrets.put_secret_value(SecretId="svyaz/webhook", SecretString="new")
    assert secrets.get_secret_value(SecretId="svyaz/webhook")["SecretString"] == "new"
    before = secrets.get_secret_value(SecretId="svyaz/webhook", VersionStage="AWSPREVIOUS")
    assert before["SecretString"] == "old"
    with pytest.raises(ClientError) as refused:
        secrets.get_secret_value(SecretId="svyaz/none")
    assert code(refused) == "ResourceNotFoundException"
