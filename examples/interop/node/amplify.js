// An app in Amplify v6: its user signs up, sets an authenticator up while signing in by SRP, signs
// in with it, forgets the password and leaves. Prints one JSON document with what each step
// answered.
const auth = require("./amplify-auth");
const { another, ask, authenticator, refused, run } = require("./conversation");

const username = process.env.USERNAME;
const password = process.env.PASSWORD;
const answer = (challengeResponse) => auth.confirmSignIn({ challengeResponse });
const signInStep = async (call) => (await call).nextStep.signInStep;

async function signUp(steps) {
  const signedUp = await auth.signUp({
    username,
    password,
    options: { userAttributes: { email: "ann@example.com" } },
  });
  steps["signed up"] = signedUp.nextStep.signUpStep;
  steps["unconfirmed"] = await signInStep(auth.signIn({ username, password }));
  const code = await ask();
  steps["wrong code"] = await refused(auth.confirmSignUp({ username, confirmationCode: another(code) }));
  steps["confirmed"] = (await auth.confirmSignUp({ username, confirmationCode: code })).nextStep.signUpStep;
}

async function setUp(steps) {
  steps["wrong password"] = await refused(auth.signIn({ username, password: "Wrong-1234" }));
  const { nextStep } = await auth.signIn({ username, password });
  steps["first challenge"] = nextStep.signInStep;
  const code = await authenticator(nextStep.totpSetupDetails.sharedSecret);
  steps["wrong authenticator code"] = await refused(answer(code(3600)));
  steps["set up"] = await signInStep(answer(code(-30)));
  await auth.signOut();
  return code;
}

async function signInWith(steps, code) {
  steps["second challenge"] = await signInStep(auth.signIn({ username, password }));
  steps["used code"] = await refused(answer(code(-30)));
  steps["mismatch"] = await refused(answer(code(3600)));
  steps["signed in"] = await signInStep(answer(code(0)));
  steps["user"] = (await auth.getCurrentUser()).username;
  steps["email"] = (await auth.fetchUserAttributes()).email;
  steps["preference"] = await auth.fetchMFAPreference();
}

async function refresh(steps) {
  const before = (await auth.fetchAuthSession()).tokens;
  const after = (await auth.fetchAuthSession({ forceRefresh: true })).tokens;
  steps["refreshed"] = after.accessToken.toString() !== before.accessToken.toString();
}

async function main() {
  const steps = {};
  await signUp(steps);
  const code = await setUp(steps);
  await signInWith(steps, code);
  await refresh(steps);
  await auth.updatePassword({ oldPassword: password, newPassword: "Changed-Horse-7" });
  await auth.deleteUser();
  steps["deleted"] = await refused(auth.signIn({ username, password: "Changed-Horse-7" }));
  return steps;
}

run(main);
