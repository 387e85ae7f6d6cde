// Amplify's sign-in, led to the pool of the environment.
const { Amplify } = require("aws-amplify");

Amplify.configure({
  Auth: {
    Cognito: {
      userPoolId: process.env.COGNITO_USER_POOL_ID,
      userPoolClientId: process.env.COGNITO_CLIENT_ID,
      userPoolEndpoint: process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
    },
  },
});

module.exports = require("aws-amplify/auth");
