// An app in the browser's SDK, amazon-cognito-identity-js: signs in by SRP, refreshes, reads its
// attributes, signs out, and sets a new password for a forgotten one. Prints one JSON document.
const { another, ask, refused, run } = require("./conversation");
const { call, signIn, step, user } = require("./identity-user");

const newPassword = "Forgotten-1";

async function main() {
  const wrong = await refused(signIn("Wrong-1234"));
  const session = await signIn(process.env.PASSWORD);
  const refreshed = await call((done) => user.refreshSession(session.getRefreshToken(), done));
  const attributes = await call((done) => user.getUserAttributes(done));
  await step((callbacks) => user.globalSignOut(callbacks));

  const delivery = await step((callbacks) => user.forgotPassword(callbacks));
  const confirm = (code) => step((callbacks) => user.confirmPassword(code, newPassword, callbacks));
  const code = await ask();
  const wrongCode = await refused(confirm(another(code)));
  await confirm(code);
  const again = await signIn(newPassword);
  return {
    wrong,
    username: session.getAccessToken().payload.username,
    refreshed: refreshed.getAccessToken().getJwtToken() !== session.getAccessToken().getJwtToken(),
    attributes: attributes.map((a) => `${a.Name}=${a.Value}`),
    destination: delivery.CodeDeliveryDetails.Destination,
    wrongCode,
    oldPassword: await refused(signIn(process.env.PASSWORD)),
    again: again.getAccessToken().payload.username,
  };
}

run(main);
