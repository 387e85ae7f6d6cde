// An app in Amplify v6 with choice-based sign-in: its user signs up, is signed in with that, and
// signs in again by a code in an e-mail and by SRP. Prints one JSON document with what each step
// answered.
const auth = require("./amplify-auth");
const { another, ask, refused, run } = require("./conversation");

const username = process.env.USERNAME;
const password = process.env.PASSWORD;
const authFlowType = "USER_AUTH";
const answer = (challengeResponse) => auth.confirmSignIn({ challengeResponse });
const signInStep = async (call) => (await call).nextStep.signInStep;
const signIn = (parameters) => auth.signIn({ username, ...parameters, options: { authFlowType, ...parameters.options } });

async function signUp(steps) {
  const options = { userAttributes: { email: "ann@example.com" }, autoSignIn: { authFlowType } };
  await auth.signUp({ username, password, options });
  const confirmed = await auth.confirmSignUp({ username, confirmationCode: await ask() });
  steps["confirmed"] = confirmed.nextStep.signUpStep;
  steps["signed in with that"] = await signInStep(auth.autoSignIn());
  await auth.signOut();
}

async function byCode(steps) {
  steps["preferring a code"] = await signInStep(signIn({ options: { preferredChallenge: "EMAIL_OTP" } }));
  const code = await ask();
  steps["digits"] = code.length;
  steps["wrong code"] = await refused(answer(another(code)));
  steps["by code"] = await signInStep(answer(code));
  await auth.signOut();
}

async function byChoice(steps) {
  const { nextStep } = await signIn({});
  steps["preferring nothing"] = nextStep.signInStep;
  steps["choice"] = nextStep.availableChallenges.sort();
  steps["chosen"] = await signInStep(answer("EMAIL_OTP"));
  steps["by choice"] = await signInStep(answer(await ask()));
  await auth.signOut();
}

async function bySRP(steps) {
  const options = { preferredChallenge: "PASSWORD_SRP" };
  steps["wrong password"] = await refused(signIn({ password: "Wrong-1234", options }));
  steps["by SRP"] = await signInStep(signIn({ password, options }));
  await auth.signOut();
  steps["by password"] = await signInStep(signIn({ password, options: { preferredChallenge: "PASSWORD" } }));
  steps["user"] = (await auth.getCurrentUser()).username;
}

async function main() {
  const steps = {};
  await signUp(steps);
  await byCode(steps);
  await byChoice(steps);
  await bySRP(steps);
  return steps;
}

run(main);
