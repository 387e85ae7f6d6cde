"""A user whose second factor is a code by SMS remembers a device and signs in from it, through boto3
and the sign-in of pycognito.

Asks for the delivered code on standard output and reads it from standard input. Prints one JSON
document with what each step answered.
"""

import json
import os

import boto3
from pycognito.aws_srp import AWSSRP, generate_hash_device
from pycognito.exceptions import SMSMFAChallengeException

cognito = boto3.client("cognito-idp")
username = os.environ["USERNAME"]


def sign_in(**device):
    return AWSSRP(
        username=username,
        password=os.environ["PASSWORD"],
        pool_id=os.environ["COGNITO_USER_POOL_ID"],
        client_id=os.environ["COGNITO_CLIENT_ID"],
        client=cognito,
        **device,
    ).authenticate_user()["AuthenticationResult"]


def answer(challenge):
    print("code?", flush=True)
    return cognito.respond_to_auth_challenge(
        ClientId=os.environ["COGNITO_CLIENT_ID"],
        ChallengeName=challenge["ChallengeName"],
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": username, "SMS_MFA_CODE": input()},
    )["AuthenticationResult"]


steps = {}
try:
    sign_in()
except SMSMFAChallengeException as challenge:
    steps["from no device"] = challenge.get_tokens()["ChallengeName"]
    result = answer(challenge.get_tokens())
key, group_key = result["NewDeviceMetadata"]["DeviceKey"], result["NewDeviceMetadata"]["DeviceGroupKey"]
password, verifier = generate_hash_device(group_key, key)
cognito.confirm_device(AccessToken=result["AccessToken"], DeviceKey=key, DeviceSecretVerifierConfig=verifier)
result = sign_in(device_key=key, device_group_key=group_key, device_password=password)
steps["from the device"] = cognito.get_user(AccessToken=result["AccessToken"])["Username"]
print(json.dumps(steps))
