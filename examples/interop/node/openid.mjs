// A user signs in by openid-client: discovery, a code with PKCE, nonce and state, the user info, a refresh, the end of
// the session; then a client signs in for itself.
//
// Prints the URL that a browser is to open and reads the one that the browser ends at from standard input. Prints one
// JSON document with what each step answered.

import * as client from "openid-client";
import { createInterface } from "node:readline/promises";

const env = process.env;
const insecure = { execute: [client.allowInsecureRequests] };
const issuer = new URL(env.ISSUER);
const app = await client.discovery(issuer, env.CLIENT_ID, env.CLIENT_SECRET, undefined, insecure);

const verifier = client.randomPKCECodeVerifier();
const state = client.randomState();
const nonce = client.randomNonce();
const to = client.buildAuthorizationUrl(app, {
  redirect_uri: env.CALLBACK,
  scope: "openid email",
  code_challenge: await client.calculatePKCECodeChallenge(verifier),
  code_challenge_method: "S256",
  state,
  nonce,
});
console.log(to.href);
const lines = createInterface({ input: process.stdin });
const [callback] = await new Promise((resolve) => lines.once("line", (line) => resolve([line])));
lines.close();

const tokens = await client.authorizationCodeGrant(app, new URL(callback), {
  pkceCodeVerifier: verifier,
  expectedState: state,
  expectedNonce: nonce,
  idTokenExpected: true,
});
const claims = tokens.claims();
const info = await client.fetchUserInfo(app, tokens.access_token, claims.sub);
const refreshed = await client.refreshTokenGrant(app, tokens.refresh_token);
await client.tokenRevocation(app, tokens.refresh_token);
let revoked = "";
try {
  await client.refreshTokenGrant(app, tokens.refresh_token);
} catch (e) {
  revoked = e.error;
}

const machine = await client.discovery(issuer, env.MACHINE_ID, env.MACHINE_SECRET, undefined, insecure);
const own = await client.clientCredentialsGrant(machine, { scope: "api/read" });

console.log(
  JSON.stringify({
    email: claims.email,
    info: info.email,
    refreshed: refreshed.claims().sub === claims.sub,
    revoked,
    own: own.token_type.toLowerCase(),
  }),
);
