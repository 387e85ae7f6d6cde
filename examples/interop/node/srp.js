// A sign-in by SRP through the AWS SDK for JavaScript v3, with the client's arithmetic of
// cognito-srp-helper. Prints one JSON document with what each step answered.
const { CognitoIdentityProvider } = require("@aws-sdk/client-cognito-identity-provider");
const {
  createPasswordHash,
  createSecretHash,
  createSrpSession,
  signSrpSession,
  wrapAuthChallenge,
  wrapInitiateAuth,
} = require("cognito-srp-helper");

const { refused, run } = require("./conversation");

const cognito = new CognitoIdentityProvider();
const UserPoolId = process.env.COGNITO_USER_POOL_ID;
const ClientId = process.env.COGNITO_CLIENT_ID;
const secret = process.env.COGNITO_CLIENT_SECRET;
const USERNAME = process.env.USERNAME;
const password = process.env.PASSWORD;

const hashed = secret ? { USERNAME, SECRET_HASH: createSecretHash(USERNAME, ClientId, secret) } : { USERNAME };

const asUser = {
  initiate: (request) => cognito.initiateAuth(request),
  respond: (request) => cognito.respondToAuthChallenge(request),
};
const asAdministrator = {
  initiate: (request) => cognito.adminInitiateAuth({ UserPoolId, ...request }),
  respond: (request) => cognito.adminRespondToAuthChallenge({ UserPoolId, ...request }),
};

// Signs in with an SRP session, and returns the user's name.
async function signIn(who, session) {
  const AuthParameters = { CHALLENGE_NAME: "SRP_A", ...hashed };
  const first = await who.initiate(
    wrapInitiateAuth(session, { ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters }),
  );
  const second = await who.respond(
    wrapAuthChallenge(signSrpSession(session, first), {
      ClientId,
      ChallengeName: first.ChallengeName,
      ChallengeResponses: hashed,
    }),
  );
  const { AccessToken } = second.AuthenticationResult;
  return (await cognito.getUser({ AccessToken })).Username;
}

run(async () => {
  const passwordHash = createPasswordHash(USERNAME, password, UserPoolId);
  return {
    "by password": await signIn(asUser, createSrpSession(USERNAME, password, UserPoolId, false)),
    "by the password's hash": await signIn(asUser, createSrpSession(USERNAME, passwordHash, UserPoolId)),
    "by an administrator": await signIn(asAdministrator, createSrpSession(USERNAME, password, UserPoolId, false)),
    "wrong password": await refused(signIn(asUser, createSrpSession(USERNAME, "Wrong-1234", UserPoolId, false))),
  };
});
