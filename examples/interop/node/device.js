// A user whose second factor is a code by SMS remembers a device and signs in from it, through the
// AWS SDK for JavaScript v3 with the arithmetic of cognito-srp-helper. Prints one JSON document with
// what each step answered.
const { CognitoIdentityProvider } = require("@aws-sdk/client-cognito-identity-provider");
const {
  createDeviceVerifier,
  createSecretHash,
  createSrpSession,
  signSrpSession,
  signSrpSessionWithDevice,
  wrapAuthChallenge,
  wrapInitiateAuth,
} = require("cognito-srp-helper");

const { ask, refused, run } = require("./conversation");

const cognito = new CognitoIdentityProvider();
const UserPoolId = process.env.COGNITO_USER_POOL_ID;
const ClientId = process.env.COGNITO_CLIENT_ID;
const secret = process.env.COGNITO_CLIENT_SECRET;
const USERNAME = process.env.USERNAME;

const hashed = secret ? { USERNAME, SECRET_HASH: createSecretHash(USERNAME, ClientId, secret) } : { USERNAME };

// Answers a challenge. What more an answer needs comes from the SRP session or from responses.
function answer(challenge, session, responses = {}) {
  const request = {
    ClientId,
    ChallengeName: challenge.ChallengeName,
    ChallengeResponses: { ...hashed, ...responses },
    Session: challenge.Session,
  };
  return cognito.respondToAuthChallenge(session ? wrapAuthChallenge(session, request) : request);
}

// Proves the password, from a device or from none, and returns the next challenge.
async function begin(session, device = {}) {
  const request = { ClientId, AuthFlow: "USER_SRP_AUTH", AuthParameters: { CHALLENGE_NAME: "SRP_A", ...hashed, ...device } };
  const first = await cognito.initiateAuth(wrapInitiateAuth(session, request));
  return answer(first, signSrpSession(session, first), device);
}

const newSession = () => createSrpSession(USERNAME, process.env.PASSWORD, UserPoolId, false);

async function remember(steps) {
  const challenge = await begin(newSession());
  steps["from no device"] = challenge.ChallengeName;
  const { AuthenticationResult } = await answer(challenge, null, { SMS_MFA_CODE: await ask() });
  const { AccessToken, NewDeviceMetadata } = AuthenticationResult;
  const { DeviceKey, DeviceGroupKey } = NewDeviceMetadata;
  const { DeviceSecretVerifierConfig, DeviceRandomPassword } = createDeviceVerifier(DeviceKey, DeviceGroupKey);
  const confirmed = await cognito.confirmDevice({ AccessToken, DeviceKey, DeviceName: "laptop", DeviceSecretVerifierConfig });
  steps["asks to be remembered"] = confirmed.UserConfirmationNecessary;
  return { DeviceKey, DeviceGroupKey, DeviceRandomPassword };
}

async function signInFrom({ DeviceKey, DeviceGroupKey, DeviceRandomPassword }, steps) {
  const device = { DEVICE_KEY: DeviceKey };
  const session = newSession();
  const first = await begin(session, device);
  const second = await answer(first, session, device);
  steps["from the device"] = [first.ChallengeName, second.ChallengeName];
  const signed = signSrpSessionWithDevice(session, second, DeviceGroupKey, DeviceRandomPassword);
  return (await answer(second, signed, device)).AuthenticationResult;
}

run(async () => {
  const steps = {};
  const device = await remember(steps);
  steps["wrong device password"] = await refused(signInFrom({ ...device, DeviceRandomPassword: "wrong" }, steps));
  const { AccessToken } = await signInFrom(device, steps);
  const { Devices } = await cognito.listDevices({ AccessToken });
  const named = Devices[0].DeviceAttributes.find((attribute) => attribute.Name === "device_name");
  steps["devices"] = Devices.length;
  steps["name"] = named.Value;
  await cognito.forgetDevice({ AccessToken, DeviceKey: device.DeviceKey });
  steps["forgotten"] = await refused(signInFrom(device, steps));
  return steps;
});
