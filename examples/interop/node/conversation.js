// How the programs speak with the test that runs them, and the user's authenticator app.
const readline = require("node:readline");
const { setTimeout: sleep } = require("node:timers/promises");

const { Secret, TOTP } = require("otpauth");

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]();

// Asks for the code that was delivered to the user last.
async function ask() {
  console.log("code?");
  return (await lines.next()).value;
}

// A code that is not this one.
const another = (code) => code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10);

// What a call was refused with.
const refused = (call) =>
  call.then(
    () => "not refused",
    (err) => `${err.name}: ${err.message}`,
  );

// An authenticator app at one moment: a function that makes its code so many seconds later. The
// moment is not within five seconds of the next half-minute.
async function authenticator(secret) {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const second = Date.now() % 30000;
  if (second > 25000) await sleep(30000 - second);
  const now = Date.now();
  return (seconds) => totp.generate({ timestamp: now + seconds * 1000 });
}

// Runs a program, and prints its answer as one line of JSON.
function run(main) {
  main()
    .then((answer) => {
      console.log(JSON.stringify(answer));
      process.exit(0);
    })
    .catch((err) => {
      console.error(err);
      process.exit(1);
    });
}

module.exports = { another, ask, authenticator, refused, run };
