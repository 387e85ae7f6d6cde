"""A pre sign-up function in Python, served as AWS Lambda's runtime interface emulator serves
functions, by the standard library alone. Prints its URL."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer


def handler(event, context):
    if not event["request"]["userAttributes"]["email"].endswith("@example.com"):
        raise Exception("only people of example.com can sign up")
    event["response"]["autoConfirmUser"] = True
    event["response"]["autoVerifyEmail"] = True
    return event


class Invoke(BaseHTTPRequestHandler):
    def do_POST(self):
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        try:
            answer = handler(event, None)
        except Exception as error:
            answer = {"errorMessage": str(error), "errorType": type(error).__name__}
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


server = HTTPServer(("127.0.0.1", 0), Invoke)
print(f"http://127.0.0.1:{server.server_port}/2015-03-31/functions/function/invocations", flush=True)
server.serve_forever()
