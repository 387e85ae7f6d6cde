// An app in the browser's SDK, amazon-cognito-identity-js, whose user has a code by SMS as the second
// factor, has the device remembered, signs in from it and forgets it. Prints one JSON document with
// what each step answered.
const { ask, run } = require("./conversation");
const { call, signIn, step, user } = require("./identity-user");

const attribute = (device, name) => device.DeviceAttributes.find((a) => a.Name === name).Value;

async function main() {
  const steps = {};
  const password = process.env.PASSWORD;
  steps["from no device"] = await signIn(password);
  const code = await ask();
  steps["asks to be remembered"] = await new Promise((resolve, onFailure) =>
    user.sendMFACode(code, { onSuccess: (session, asks) => resolve(asks), onFailure }),
  );
  steps["not yet remembered"] = await signIn(password);
  const another = await ask();
  await step((callbacks) => user.sendMFACode(another, callbacks));
  await step((callbacks) => user.setDeviceStatusRemembered(callbacks));

  const session = await signIn(password);
  steps["from the device"] = session.getAccessToken().payload.username;
  const { Device } = await step((callbacks) => user.getDevice(callbacks));
  steps["its key in the token"] = session.getAccessToken().payload.device_key === Device.DeviceKey;
  steps["status"] = attribute(Device, "device_status");
  const refreshed = await call((done) => user.refreshSession(session.getRefreshToken(), done));
  steps["refreshed"] = refreshed.getAccessToken().payload.device_key === Device.DeviceKey;
  steps["devices"] = (await step((callbacks) => user.listDevices(10, null, callbacks))).Devices.length;
  await step((callbacks) => user.forgetDevice(callbacks));
  steps["forgotten"] = await signIn(password);
  return steps;
}

run(main);
