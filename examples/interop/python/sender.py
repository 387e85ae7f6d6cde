"""Decrypts the code that a custom sender got, by the AWS Encryption SDK with a raw AES key.

Prints one JSON document with the code and the encryption context.
"""

import base64
import json
import os

import aws_encryption_sdk
from aws_encryption_sdk.identifiers import EncryptionKeyType, WrappingAlgorithm
from aws_encryption_sdk.internal.crypto.wrapping_keys import WrappingKey
from aws_encryption_sdk.key_providers.raw import RawMasterKeyProvider


class SenderKey(RawMasterKeyProvider):
    provider_id = os.environ["SENDER_KEY_NAMESPACE"]

    def _get_raw_key(self, key_id):
        return WrappingKey(
            wrapping_algorithm=WrappingAlgorithm.AES_256_GCM_IV12_TAG16_NO_PADDING,
            wrapping_key=base64.b64decode(os.environ["COGNITO_SENDER_KEY"]),
            wrapping_key_type=EncryptionKeyType.SYMMETRIC,
        )


keys = SenderKey()
keys.add_master_key(os.environ["SENDER_KEY_NAME"])
code, header = aws_encryption_sdk.EncryptionSDKClient().decrypt(
    source=base64.b64decode(os.environ["CODE"]), key_provider=keys
)
print(json.dumps({"code": code.decode(), "context": header.encryption_context}))
