// A pre sign-up function in JavaScript, served as AWS Lambda's invoke API serves functions, by Node.js
// alone. Prints its URL.
const http = require("http");

const handler = async (event) => {
  if (!event.request.userAttributes.email.endsWith("@example.com")) {
    throw new Error("only people of example.com can sign up");
  }
  event.response.autoConfirmUser = true;
  event.response.autoVerifyEmail = true;
  return event;
};

async function invoke(request, response) {
  let body = "";
  for await (const chunk of request) body += chunk;
  let answer;
  try {
    answer = await handler(JSON.parse(body));
  } catch (error) {
    response.setHeader("X-Amz-Function-Error", "Unhandled");
    answer = { errorMessage: error.message, errorType: error.name };
  }
  response.end(JSON.stringify(answer));
}

const server = http.createServer(invoke).listen(0, "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}/2015-03-31/functions/function/invocations`);
});
