package triggers

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// AutoConfirm lets people sign up who have an e-mail address of a domain, and nobody else.
type AutoConfirm struct {
	Domains []string // in lower case
}

// PreSignUp confirms people of the domains at once, without a code. That does not verify the address:
// nobody has shown yet that it is theirs. Users whom administrators make may have any address.
func (a AutoConfirm) PreSignUp(_ context.Context, e events.CognitoEventUserPoolsPreSignup) (events.CognitoEventUserPoolsPreSignup, error) {
	if e.TriggerSource == "PreSignUp_AdminCreateUser" {
		return e, nil
	}
	email := e.Request.UserAttributes["email"]
	domain := strings.ToLower(email[strings.LastIndex(email, "@")+1:])
	if !slices.Contains(a.Domains, domain) {
		return e, errors.New("sign up with the address of your company")
	}
	e.Response.AutoConfirmUser = true
	return e, nil
}
