"""A user who needs MFA signs up, sets an authenticator up, signs in, and signs in again from a
device that is remembered, through boto3, pyotp and the device's arithmetic of pycognito.

Asks for the delivered code on standard output and reads it from standard input. Prints one JSON
document with what each step answered.
"""

import base64
import hashlib
import hmac
import json
import os
import time

import boto3
import pyotp
from pycognito.aws_srp import AWSSRP, generate_hash_device

cognito = boto3.client("cognito-idp")
pool_id = os.environ["COGNITO_USER_POOL_ID"]
client_id = os.environ["COGNITO_CLIENT_ID"]
secret = os.environ["COGNITO_CLIENT_SECRET"]
username, password = os.environ["USERNAME"], os.environ["PASSWORD"]


def hashed(parameters, name="SECRET_HASH"):
    """Adds the secret hash where the client has a secret."""
    if secret:
        key, message = secret.encode(), (username + client_id).encode()
        parameters[name] = base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
    return parameters


def status():
    return cognito.admin_get_user(UserPoolId=pool_id, Username=username)["UserStatus"]


def sign_in():
    return cognito.admin_initiate_auth(
        UserPoolId=pool_id,
        ClientId=client_id,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters=hashed({"USERNAME": username, "PASSWORD": password}),
    )


def refused(call, **arguments):
    try:
        call(**arguments)
    except cognito.exceptions.ClientError as err:
        return f"{err.response['Error']['Code']}: {err.response['Error']['Message']}"
    return "not refused"


steps = {}
named = hashed({"ClientId": client_id, "Username": username}, "SecretHash")
cognito.sign_up(**named, Password=password, UserAttributes=[{"Name": "email", "Value": "ann@example.com"}])
steps["signed up"] = status()
steps["medium"] = cognito.resend_confirmation_code(**named)["CodeDeliveryDetails"]["DeliveryMedium"]
steps["wrong code"] = refused(cognito.confirm_sign_up, **named, ConfirmationCode="wrong")
print("code?", flush=True)
cognito.confirm_sign_up(**named, ConfirmationCode=input())
steps["confirmed"] = status()
pages = cognito.get_paginator("list_users").paginate(UserPoolId=pool_id, PaginationConfig={"PageSize": 1})
steps["users"] = sorted(user["Username"] for page in pages for user in page["Users"])

setup = sign_in()
steps["first challenge"] = setup["ChallengeName"]
steps["can set up"] = json.loads(setup["ChallengeParameters"]["MFAS_CAN_SETUP"])
associated = cognito.associate_software_token(Session=setup["Session"])
totp = pyotp.TOTP(associated["SecretCode"])
if time.time() % 30 > 25:  # the codes below are of one half-minute and the one before
    time.sleep(30 - time.time() % 30)
now = time.time()
steps["wrong authenticator code"] = refused(
    cognito.verify_software_token, Session=associated["Session"], UserCode=totp.at(now + 3600)
)
verified = cognito.verify_software_token(Session=associated["Session"], UserCode=totp.at(now - 30))
steps["verified"] = verified["Status"]

second = sign_in()
steps["second challenge"] = second["ChallengeName"]


def answer(code):
    return {
        "UserPoolId": pool_id,
        "ClientId": client_id,
        "ChallengeName": second["ChallengeName"],
        "Session": second["Session"],
        "ChallengeResponses": hashed({"USERNAME": username, "SOFTWARE_TOKEN_MFA_CODE": code}),
    }


steps["used code"] = refused(cognito.admin_respond_to_auth_challenge, **answer(totp.at(now - 30)))
steps["mismatch"] = refused(cognito.admin_respond_to_auth_challenge, **answer(totp.at(now + 3600)))
result = cognito.admin_respond_to_auth_challenge(**answer(totp.at(now)))["AuthenticationResult"]
steps["factors"] = cognito.get_user(AccessToken=result["AccessToken"])["UserMFASettingList"]
device = result["NewDeviceMetadata"]
steps["new device"] = device["DeviceKey"].split("_")[0]
device_key, group_key = device["DeviceKey"], device["DeviceGroupKey"]
device_password, verifier = generate_hash_device(group_key, device_key)
remembered = cognito.confirm_device(
    AccessToken=result["AccessToken"], DeviceKey=device_key, DeviceSecretVerifierConfig=verifier
)
steps["asks to be remembered"] = remembered["UserConfirmationNecessary"]


def sign_in_from_device(password_of_device):
    """Signs in with the device's proof in place of a second factor, and returns the last request."""
    srp = AWSSRP(
        username, password, pool_id, client_id, client=cognito, client_secret=secret or None,
        device_key=device_key, device_group_key=group_key, device_password=password_of_device,
    )
    first = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters=hashed({"USERNAME": username, "PASSWORD": password, "DEVICE_KEY": device_key}),
    )
    second = cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName=first["ChallengeName"],
        Session=first["Session"],
        ChallengeResponses=srp.get_auth_params(),
    )
    steps["device challenges"] = [first["ChallengeName"], second["ChallengeName"]]
    return {
        "ClientId": client_id,
        "ChallengeName": second["ChallengeName"],
        "ChallengeResponses": srp.process_device_challenge(second["ChallengeParameters"]),
    }


steps["wrong device"] = refused(cognito.respond_to_auth_challenge, **sign_in_from_device("wrong"))
result = cognito.respond_to_auth_challenge(**sign_in_from_device(device_password))["AuthenticationResult"]
steps["another new device"] = "NewDeviceMetadata" in result
devices = cognito.list_devices(AccessToken=result["AccessToken"])["Devices"]
steps["devices"] = [d["DeviceKey"] == device_key for d in devices]
cognito.delete_user(AccessToken=result["AccessToken"])
steps["deleted"] = refused(cognito.get_user, AccessToken=result["AccessToken"])
print(json.dumps(steps))
