"""A sign-in by SRP through boto3, with the client's arithmetic of pycognito. Prints the user's name."""

import os

import boto3
from pycognito.aws_srp import AWSSRP

client = boto3.client("cognito-idp")
tokens = AWSSRP(
    username=os.environ["USERNAME"],
    password=os.environ["PASSWORD"],
    pool_id=os.environ["COGNITO_USER_POOL_ID"],
    client_id=os.environ["COGNITO_CLIENT_ID"],
    client_secret=os.environ["COGNITO_CLIENT_SECRET"] or None,
    client=client,
).authenticate_user()["AuthenticationResult"]
print(client.get_user(AccessToken=tokens["AccessToken"])["Username"])
