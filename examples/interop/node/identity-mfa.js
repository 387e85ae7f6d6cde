// An app in the browser's SDK, amazon-cognito-identity-js, whose user sets an authenticator up while
// signing in, adds a phone, and signs in with each and with a choice of both. Prints one JSON
// document with what each step answered.
const { another, ask, authenticator, refused, run } = require("./conversation");
const { call, signIn, step, user } = require("./identity-user");

const password = process.env.PASSWORD;
const verify = (code) => step((callbacks) => user.verifySoftwareToken(code, "phone", callbacks));
const send = (code, factor) => step((callbacks) => user.sendMFACode(code, callbacks, factor));
const name = (session) => session.getAccessToken().payload.username;

async function setUp(steps) {
  steps["first challenge"] = await signIn(password);
  const code = await authenticator(await step((callbacks) => user.associateSoftwareToken(callbacks)));
  steps["wrong authenticator code"] = await refused(verify(code(3600)));
  steps["set up"] = name(await verify(code(-30)));
  return code;
}

async function withAuthenticator(steps, code) {
  steps["second challenge"] = await signIn(password);
  const totp = "SOFTWARE_TOKEN_MFA";
  steps["used code"] = await refused(send(code(-30), totp));
  steps["mismatch"] = await refused(send(code(3600), totp));
  steps["by authenticator"] = name(await send(code(0), totp));
}

async function withSMS(steps) {
  await call((done) => user.updateAttributes([{ Name: "phone_number", Value: "+15555550100" }], done));
  await call((done) => user.setUserMfaPreference({ Enabled: true, PreferredMfa: true }, null, done));
  steps["third challenge"] = await signIn(password);
  const code = await ask();
  steps["wrong SMS code"] = await refused(send(another(code)));
  steps["by SMS"] = name(await send(code));
}

async function withChoice(steps) {
  const enabled = { Enabled: true, PreferredMfa: false };
  await call((done) => user.setUserMfaPreference(enabled, enabled, done));
  const data = await call((done) => user.getUserData(done, { bypassCache: true }));
  steps["factors"] = data.UserMFASettingList;
  steps["fourth challenge"] = await signIn(password);
  steps["chosen"] = await step((callbacks) => user.sendMFASelectionAnswer("SMS_MFA", callbacks));
  steps["by choice"] = name(await send(await ask()));
}

async function main() {
  const steps = {};
  const code = await setUp(steps);
  await withAuthenticator(steps, code);
  await withSMS(steps);
  await withChoice(steps);
  return steps;
}

run(main);
