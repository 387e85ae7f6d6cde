// Verifies access tokens by aws-jwt-verify, as its README shows it first: a line of JSON {id, token} on the standard
// input, a line {id, error} on the standard output. Only the fetcher is changed: the keys come from the pool of the test.
const readline = require("node:readline");

const { CognitoJwtVerifier } = require("aws-jwt-verify");
const { SimpleFetcher } = require("aws-jwt-verify/https");
const { SimpleJwksCache } = require("aws-jwt-verify/jwk");

const simple = new SimpleFetcher();
const fetcher = {
  fetch: (uri, ...rest) => simple.fetch(uri.replace(/^https:\/\/[^/]+/, process.env.POOL_URL), ...rest),
};

// What the verifier leaves to its caller.
function customJwtCheck({ header, payload }) {
  if (header.crit !== undefined || typeof payload.exp !== "number") {
    throw new Error("a critical header, or no end");
  }
}

const verifier = CognitoJwtVerifier.create(
  {
    userPoolId: process.env.COGNITO_USER_POOL_ID,
    tokenUse: "access",
    clientId: process.env.COGNITO_CLIENT_ID,
    ...(process.argv[2] === "complete" && { customJwtCheck }),
  },
  { jwksCache: new SimpleJwksCache({ fetcher }) },
);

readline.createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, token } = JSON.parse(line);
  const error = await verifier.verify(token).then(
    () => null,
    (err) => `${err.name}: ${err.message}`,
  );
  console.log(JSON.stringify({ id, error }));
});
