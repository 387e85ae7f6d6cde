// A user who needs MFA signs up, sets an authenticator up and signs in, through the AWS SDK for
// JavaScript v3 and otpauth. Prints one JSON document with what each step
// answered.
const { createHmac } = require("node:crypto");

const { CognitoIdentityProvider, paginateListUsers } = require("@aws-sdk/client-cognito-identity-provider");

const { ask, authenticator, refused, run } = require("./conversation");

const cognito = new CognitoIdentityProvider();
const UserPoolId = process.env.COGNITO_USER_POOL_ID;
const ClientId = process.env.COGNITO_CLIENT_ID;
const ClientSecret = process.env.COGNITO_CLIENT_SECRET;
const Username = process.env.USERNAME;
const Password = process.env.PASSWORD;

// The secret hash, where the client has a secret.
const SecretHash =
  ClientSecret && createHmac("sha256", ClientSecret).update(Username + ClientId).digest("base64");
const hashed = (parameters) => (SecretHash ? { ...parameters, SECRET_HASH: SecretHash } : parameters);
const named = SecretHash ? { ClientId, Username, SecretHash } : { ClientId, Username };

const status = async () => (await cognito.adminGetUser({ UserPoolId, Username })).UserStatus;
const signIn = () =>
  cognito.initiateAuth({
    ClientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: hashed({ USERNAME: Username, PASSWORD: Password }),
  });

async function signUp(steps) {
  await cognito.signUp({ ...named, Password, UserAttributes: [{ Name: "email", Value: "ann@example.com" }] });
  steps["signed up"] = await status();
  steps["medium"] = (await cognito.resendConfirmationCode(named)).CodeDeliveryDetails.DeliveryMedium;
  steps["wrong code"] = await refused(cognito.confirmSignUp({ ...named, ConfirmationCode: "wrong" }));
  await cognito.confirmSignUp({ ...named, ConfirmationCode: await ask() });
  steps["confirmed"] = await status();
  steps["users"] = [];
  for await (const page of paginateListUsers({ client: cognito, pageSize: 1 }, { UserPoolId })) {
    steps["users"].push(...page.Users.map((user) => user.Username));
  }
}

// Sets an authenticator up, and returns it.
async function setUp(steps) {
  const setup = await signIn();
  steps["first challenge"] = setup.ChallengeName;
  steps["can set up"] = JSON.parse(setup.ChallengeParameters.MFAS_CAN_SETUP);
  const { SecretCode, Session } = await cognito.associateSoftwareToken({ Session: setup.Session });
  const code = await authenticator(SecretCode);
  steps["wrong authenticator code"] = await refused(cognito.verifySoftwareToken({ Session, UserCode: code(3600) }));
  steps["verified"] = (await cognito.verifySoftwareToken({ Session, UserCode: code(-30) })).Status;
  return code;
}

async function signInWith(code, steps) {
  const { ChallengeName, Session } = await signIn();
  steps["second challenge"] = ChallengeName;
  const answer = (SOFTWARE_TOKEN_MFA_CODE) =>
    cognito.respondToAuthChallenge({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: hashed({ USERNAME: Username, SOFTWARE_TOKEN_MFA_CODE }),
    });
  steps["used code"] = await refused(answer(code(-30)));
  steps["mismatch"] = await refused(answer(code(3600)));
  return (await answer(code(0))).AuthenticationResult;
}

async function main() {
  const steps = {};
  await signUp(steps);
  const code = await setUp(steps);
  const { AccessToken, NewDeviceMetadata } = await signInWith(code, steps);
  steps["new device"] = NewDeviceMetadata.DeviceKey.split("_")[0];
  steps["factors"] = (await cognito.getUser({ AccessToken })).UserMFASettingList;
  await cognito.deleteUser({ AccessToken });
  steps["deleted"] = await refused(cognito.getUser({ AccessToken }));
  return steps;
}

run(main);
