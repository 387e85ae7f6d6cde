"""A user signs in by Authlib: a code with PKCE, state and nonce, the user info, a refresh, its revocation; then a client
signs in for itself.

Prints the URL that a browser is to open and reads the one that the browser ends at from standard input. Prints one JSON
document with what each step answered.
"""

import json
import os

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

env = os.environ
configuration = requests.get(env["ISSUER"] + "/.well-known/openid-configuration").json()
app = OAuth2Session(
    env["CLIENT_ID"],
    env.get("CLIENT_SECRET") or None,
    token_endpoint_auth_method="client_secret_basic" if env.get("CLIENT_SECRET") else "none",
    scope="openid email",
    redirect_uri=env["CALLBACK"],
    code_challenge_method="S256",
)
verifier, nonce = generate_token(48), generate_token(20)
url, state = app.create_authorization_url(configuration["authorization_endpoint"], code_verifier=verifier, nonce=nonce)
print(url, flush=True)
tokens = app.fetch_token(
    configuration["token_endpoint"], authorization_response=input(), state=state, code_verifier=verifier
)
keys = JsonWebKey.import_key_set(requests.get(configuration["jwks_uri"]).json())
claims = jwt.decode(
    tokens["id_token"],
    keys,
    claims_cls=CodeIDToken,
    claims_options={"iss": {"value": env["ISSUER"]}, "aud": {"value": env["CLIENT_ID"]}},
    claims_params={"nonce": nonce, "client_id": env["CLIENT_ID"], "access_token": tokens["access_token"]},
)
claims.validate()
info = app.get(configuration["userinfo_endpoint"]).json()
refreshed = app.refresh_token(configuration["token_endpoint"], refresh_token=tokens["refresh_token"])
app.revoke_token(configuration["revocation_endpoint"], token=tokens["refresh_token"])
revoked = ""
try:
    app.refresh_token(configuration["token_endpoint"], refresh_token=tokens["refresh_token"])
except OAuthError as e:
    revoked = e.error
machine = OAuth2Session(env["MACHINE_ID"], env["MACHINE_SECRET"], scope="api/read")
own = machine.fetch_token(configuration["token_endpoint"], grant_type="client_credentials")
print(
    json.dumps(
        {
            "email": claims["email"],
            "info": info["email"],
            "refreshed": jwt.decode(refreshed["id_token"], keys)["sub"] == claims["sub"],
            "revoked": revoked,
            "own": own["token_type"].lower(),
        }
    )
)
