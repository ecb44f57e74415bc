"""The embedded AWS: the data services of one AWS account, on the loopback of one machine, kept in one folder.

It runs ministack (a pinned version) in a process of its own and puts a guard before it. DynamoDB, S3, SQS, SES, KMS,
SSM, Secrets Manager and EventBridge answer; every other service, and ministack's own administration, is refused with
a text that says why. Requests must carry a Signature Version 4 made with the key that the first start drew.

What it does not imitate:

- IAM: there is one key and it may do everything; roles, policies and queue policies are stored but not enforced.
- Temporary credentials, STS, other regions (only eu-central-1) and other accounts.
- Unsigned or chunk-signed S3 payloads, POST form uploads, anonymous reads, virtual-hosted buckets, TLS.
- Lambda, API Gateway, SNS and DynamoDB Streams; so EventBridge rules and S3 notifications may only name SQS queues.
- KMS cryptography: ciphertexts are masked, not encrypted, and a changed one gives other bytes instead of an error.
- SQS redrive tasks (StartMessageMoveTask); templated and bulk mail; SES v2 attachments outside raw MIME; bounces.
- Throttling, service quotas, eventual consistency, and durability: a crash may lose the last seconds, and loses
  multipart uploads in progress. DynamoDB's 10-minute memory of transaction tokens ends with the process.

It runs on Linux and macOS (signals, file locks).

Addresses: AWS calls on any path; `GET /_local/mail` (header `x-svyaz-local-key`: the secret key) lists sent mail.
"""
