// The user of an app in the browser's SDK, amazon-cognito-identity-js, with promises for callbacks.
const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");

const Pool = new CognitoUserPool({
  UserPoolId: process.env.COGNITO_USER_POOL_ID,
  ClientId: process.env.COGNITO_CLIENT_ID,
  endpoint: process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
});
const Username = process.env.USERNAME;
const user = new CognitoUser({ Username, Pool });

// A call with a callback for its error and value.
const call = (start) =>
  new Promise((resolve, reject) => start((err, value) => (err ? reject(err) : resolve(value))));

// A step of a sign-in: the session, or the name of the challenge that is asked.
const step = (start) =>
  new Promise((resolve, reject) =>
    start({
      onSuccess: resolve,
      onFailure: reject,
      associateSecretCode: resolve,
      inputVerificationCode: resolve,
      mfaRequired: resolve,
      totpRequired: resolve,
      mfaSetup: resolve,
      selectMFAType: resolve,
    }),
  );

const signIn = (Password) =>
  step((callbacks) => user.authenticateUser(new AuthenticationDetails({ Username, Password }), callbacks));

module.exports = { call, signIn, step, user };
