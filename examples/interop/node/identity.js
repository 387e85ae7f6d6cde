// An app in the browser's SDK, amazon-cognito-identity-js: signs in by SRP, refreshes, reads its
// attributes and signs out. Prints one JSON document.
const { CognitoUserPool, CognitoUser, AuthenticationDetails } = require("amazon-cognito-identity-js");

const Pool = new CognitoUserPool({
  UserPoolId: process.env.COGNITO_USER_POOL_ID,
  ClientId: process.env.COGNITO_CLIENT_ID,
  endpoint: process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
});
const Username = process.env.USERNAME;
const Password = process.env.PASSWORD;
const user = new CognitoUser({ Username, Pool });

const call = (start) =>
  new Promise((resolve, reject) => start((err, value) => (err ? reject(err) : resolve(value))));
const signIn = (details) =>
  new Promise((onSuccess, onFailure) => user.authenticateUser(details, { onSuccess, onFailure }));

async function main() {
  const refused = await signIn(new AuthenticationDetails({ Username, Password: "Wrong-1234" })).catch((err) => err);
  const session = await signIn(new AuthenticationDetails({ Username, Password }));
  const refreshed = await call((done) => user.refreshSession(session.getRefreshToken(), done));
  const attributes = await call((done) => user.getUserAttributes(done));
  await call((done) => user.globalSignOut({ onSuccess: (v) => done(null, v), onFailure: done }));
  console.log(
    JSON.stringify({
      refused: `${refused.code}: ${refused.message}`,
      username: session.getAccessToken().payload.username,
      refreshed: refreshed.getAccessToken().getJwtToken() !== session.getAccessToken().getJwtToken(),
      attributes: attributes.map((a) => `${a.Name}=${a.Value}`),
    }),
  );
}

main().catch((err) => {
  console.error(err.code, err.message);
  process.exit(1);
});
