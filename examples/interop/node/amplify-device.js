// An app in Amplify v6 whose user has a code by SMS as the second factor, has the device remembered,
// signs in from it and forgets it. Prints one JSON document with what each step answered.
const auth = require("./amplify-auth");
const { ask, run } = require("./conversation");

// Amplify names a device by its browser, which Node.js before version 21 does not pretend to be.
globalThis.navigator ??= { userAgent: "Node.js" };

const signIn = async () => {
  const { nextStep } = await auth.signIn({ username: process.env.USERNAME, password: process.env.PASSWORD });
  return nextStep.signInStep;
};
const answer = async (challengeResponse) => (await auth.confirmSignIn({ challengeResponse })).nextStep.signInStep;

run(async () => {
  const steps = {};
  steps["from no device"] = await signIn();
  steps["signed in"] = await answer(await ask());
  await auth.rememberDevice();
  await auth.signOut();

  steps["from the device"] = await signIn();
  const before = (await auth.fetchAuthSession()).tokens;
  const after = (await auth.fetchAuthSession({ forceRefresh: true })).tokens;
  steps["refreshed"] = after.accessToken.toString() !== before.accessToken.toString();
  const devices = await auth.fetchDevices();
  steps["devices"] = devices.map((device) => device.id === before.accessToken.payload.device_key);
  await auth.forgetDevice();
  await auth.signOut();
  steps["forgotten"] = await signIn();
  return steps;
});
