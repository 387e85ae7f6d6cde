// An account's states, through the AWS SDK for JavaScript v2. Prints one JSON document with what
// each step answered. The pool and the client come from the environment.
const AWS = require("aws-sdk");

const UserPoolId = process.env.COGNITO_USER_POOL_ID;
const ClientId = process.env.COGNITO_CLIENT_ID;
const Username = "ann";
const cognito = new AWS.CognitoIdentityServiceProvider({
  region: process.env.AWS_REGION,
  endpoint: process.env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
});

const status = async () => (await cognito.adminGetUser({ UserPoolId, Username }).promise()).UserStatus;
const signIn = (PASSWORD) =>
  cognito
    .adminInitiateAuth({
      UserPoolId,
      ClientId,
      AuthFlow: "ADMIN_NO_SRP_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD },
    })
    .promise();

async function main() {
  const steps = {};
  const created = await cognito
    .adminCreateUser({ UserPoolId, Username, TemporaryPassword: "Temporary-1", MessageAction: "SUPPRESS" })
    .promise();
  steps.created = created.User.UserStatus;

  await cognito.adminSetUserPassword({ UserPoolId, Username, Password: "Temporary-2" }).promise();
  steps.temporary = await status();

  steps.withoutEmail = await signIn("Temporary-2");

  await cognito
    .adminUpdateUserAttributes({
      UserPoolId,
      Username,
      UserAttributes: [
        { Name: "email", Value: "ann@example.com" },
        { Name: "email_verified", Value: "true" },
      ],
    })
    .promise();
  steps.withEmail = await signIn("Temporary-2");

  await cognito.adminUserGlobalSignOut({ UserPoolId, Username }).promise();
  await cognito.adminSetUserPassword({ UserPoolId, Username, Password: "Permanent-1", Permanent: true }).promise();
  steps.permanent = await status();

  steps.tokens = (await signIn("Permanent-1")).AuthenticationResult;
  console.log(JSON.stringify(steps));
}

main().catch((err) => {
  console.error(err.code, err.message);
  process.exit(1);
});
