package oauth

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Error is an error of RFC 6749: what the endpoints of a domain answer. Texts were seen in answers of the service
// unless the comment says that they are inferred.
type Error struct {
	Status      int
	Code        string
	Description string // "" for none
}

// serverError is the code of what failed on the service's side.
const serverError = "server_error"

// Error returns the code and the description.
func (e *Error) Error() string { return e.Code + suffix(": ", e.Description) }

func oauthError(code, description string) *Error {
	return &Error{http.StatusBadRequest, code, description}
}

// What is answered to applications (developer guide, unless the comment says otherwise).

// invalidRequest is the answer to parameters that are missing or malformed.
func invalidRequest(description string) *Error { return oauthError("invalid_request", description) }

// invalidClient is the answer to an app client that does not exist.
func invalidClient() *Error { return oauthError("invalid_client", "") }

// wrongSecret is the answer to a client secret that is missing or wrong, as seen in answers. That a secret which
// a public client sends is answered so too is inferred.
func wrongSecret() *Error { return oauthError("invalid_client", "invalid_client_secret") }

// invalidGrant is the answer to a code or refresh token that is not good. That it is also the answer to another
// code_verifier, and to scopes none of which an app client has for itself, is inferred.
func invalidGrant() *Error { return oauthError("invalid_grant", "") }

// unauthorizedClient is the answer to a grant that the app client must not use. That it is also the answer to
// another redirect_uri than the code was sent to was reported by users.
func unauthorizedClient() *Error { return oauthError("unauthorized_client", "") }

func unsupportedGrantType() *Error { return oauthError("unsupported_grant_type", "") }

// unsupportedTokenType is the answer to what is no refresh token, but should be revoked.
func unsupportedTokenType() *Error { return oauthError("unsupported_token_type", "") }

// tooManyRequests is the answer to requests over a rate (inferred).
func tooManyRequests(description string) *Error {
	return &Error{http.StatusTooManyRequests, "too_many_requests", description}
}

// The two answers of the user info endpoint. That the code of a token without openid is that of others was seen in
// public reports, its status is inferred.
func badUserInfo() *Error {
	return invalidRequest("Bad OAuth2 request at UserInfo Endpoint")
}

func invalidToken() *Error {
	return &Error{http.StatusUnauthorized, "invalid_token", "Access token is expired, disabled, or deleted, or the user has globally signed out."}
}

func tokenWithoutOpenID() *Error {
	return &Error{http.StatusUnauthorized, "invalid_token", "Access token does not contain openid scope"}
}

// What users read on an error page.

// missingParameter is the answer to a page without a parameter that says whose page it is.
func missingParameter(name string) *Error {
	return invalidRequest("Required String parameter '" + name + "' is not present")
}

// loginUnavailable is the answer to the pages of an app client without identity providers.
func loginUnavailable() *Error { return invalidRequest("Login pages unavailable") }

// unfinished is the answer to a user who goes on too late, or with what no page has sent (developer guide).
func unfinished() *Error { return invalidRequest("Something went wrong") }

// passwordsDiffer is the answer to a new password that is not the same twice (inferred).
func passwordsDiffer() error { return pool.InvalidParameter("Passwords do not match") }

// requestedPage is what an error page says that has nothing else to say.
const requestedPage = "An error was encountered with the requested page."

// What applications read when a sign-in at an identity provider fails, besides what [idp.failed] says.

// badIssuer was seen in redirections.
func badIssuer(issuer string) *Error { return invalidRequest("Bad id_token issuer " + issuer) }

// badIDToken is inferred.
func badIDToken(err error) *Error { return invalidRequest("Bad id_token: " + err.Error()) }

// unusableKey is the answer where a provider's private key signs nothing (inferred).
func unusableKey() *Error {
	return invalidRequest("The private key of the identity provider is invalid")
}

// notSupported is the answer to an identity provider that the app client does not have. Inferred.
func notSupported() *Error { return invalidRequest("identity_provider is not supported by the client") }

// noDomain stands for the host that a pool without a domain does not have.
func noDomain() *Error {
	return &Error{http.StatusNotFound, "invalid_request", "cognitotest: the user pool has no domain"}
}

// refusal answers an application by an error. What the engine refuses is an invalid grant; what failed on the
// service's side is server_error.
func refusal(err error) Answer {
	e := asOAuth(err)
	a := jsonAnswer(e.Status, struct {
		Code        string `json:"error"`
		Description string `json:"error_description,omitempty"`
	}{e.Code, e.Description})
	a.Err = err
	return a
}

// asOAuth returns an error as one that applications know. How the errors of triggers look at the token endpoint
// is inferred from redirections.
func asOAuth(err error) *Error {
	var own *Error
	var answer smithy.APIError
	var status interface{ HTTPStatusCode() int }
	switch {
	case errors.As(err, &own):
		return own
	case !errors.As(err, &answer):
		return &Error{http.StatusInternalServerError, serverError, err.Error()}
	case errors.As(err, &status):
		return &Error{cmp.Or(status.HTTPStatusCode(), http.StatusInternalServerError), serverError, ""}
	case isType[*types.TooManyRequestsException](err):
		return tooManyRequests(answer.ErrorMessage())
	case answer.ErrorFault() == smithy.FaultServer, isType[*types.InternalErrorException](err):
		return &Error{http.StatusInternalServerError, serverError, answer.ErrorMessage()}
	case fromTrigger(err):
		return invalidRequest(answer.ErrorMessage())
	}
	return invalidGrant()
}

// fromTrigger reports whether a function of the pool's owner is to blame.
func fromTrigger(err error) bool {
	return isType[*types.UserLambdaValidationException](err) || isType[*types.UnexpectedLambdaException](err) ||
		isType[*types.InvalidLambdaResponseException](err)
}

func isType[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}
