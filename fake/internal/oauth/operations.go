package oauth

import (
	"context"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Operations are those of the JSON API that pages call in the place of an application. Pages have no rules of
// their own for what these do.
type Operations interface {
	SignUp(context.Context, *cip.SignUpInput, ...func(*cip.Options)) (*cip.SignUpOutput, error)
	ConfirmSignUp(context.Context, *cip.ConfirmSignUpInput, ...func(*cip.Options)) (*cip.ConfirmSignUpOutput, error)
	ResendConfirmationCode(context.Context, *cip.ResendConfirmationCodeInput, ...func(*cip.Options)) (*cip.ResendConfirmationCodeOutput, error)
	ForgotPassword(context.Context, *cip.ForgotPasswordInput, ...func(*cip.Options)) (*cip.ForgotPasswordOutput, error)
	ConfirmForgotPassword(context.Context, *cip.ConfirmForgotPasswordInput, ...func(*cip.Options)) (*cip.ConfirmForgotPasswordOutput, error)
}

// operate calls an operation, whose input must be as the API wants it.
func operate[In, Out any](r *Request, name string, in *In, call func(context.Context, *In, ...func(*cip.Options)) (*Out, error)) (*Out, error) {
	if err := constraint.Check(name, in); err != nil {
		return nil, err
	}
	return call(r.http.Context(), in)
}

// secretHash is what the API asks of an app client that has a secret, or nil.
func secretHash(c *pool.Client, username string) *string {
	if !c.Confidential() {
		return nil
	}
	return aws.String(pool.SecretHash(c.Secrets[0].Value, username, c.ID))
}

// visitor reads the query of a page for users of the pool itself. A form counts if a page of the domain has sent
// it.
func (r *Request) visitor() (*authorization, *Answer) {
	a, refused := r.authorization()
	switch {
	case refused != nil:
		return nil, refused
	case r.http.Method == http.MethodPost && !r.genuine(), !slices.Contains(a.client.Settings.SupportedIdentityProviders, local):
		return nil, answerOf(r.errorPage(unfinished()))
	}
	return a, nil
}

// What a browser waits for besides challenges, in place of their names.
const (
	confirmation  types.ChallengeNameType = "ConfirmSignUp"
	passwordReset types.ChallengeNameType = "ConfirmForgotPassword"
)

// pending returns whom a page about a code is for: as the form says, or else the browser.
func (r *Request) pending(what types.ChallengeNameType) challenge {
	c, ok := r.carried()
	if !ok || c.Name != what {
		c = challenge{Name: what}
	}
	if name := r.Username(); name != "" && name != c.Username {
		c = challenge{Name: what, Username: name, Parameters: map[string]string{
			deliveryDestination: r.form.Get("destination"), deliveryMedium: r.form.Get("deliveryMedium"),
		}}
	}
	return c
}

// The parameters of challenges that tell of a code's delivery.
const (
	deliveryDestination = "CODE_DELIVERY_DESTINATION"
	deliveryMedium      = "CODE_DELIVERY_DELIVERY_MEDIUM"
)

// delivery tells of a code's delivery as the challenges of sign-in do.
func delivery(to *types.CodeDeliveryDetailsType) map[string]string {
	if to == nil {
		return nil
	}
	return map[string]string{deliveryDestination: aws.ToString(to.Destination), deliveryMedium: string(to.DeliveryMedium)}
}

// whom returns the fields that say whom a form is for. Users who are known need not fill them in; the names are
// those of the service.
func (c challenge) whom() []field {
	if c.Username == "" {
		return []field{nameField("")}
	}
	return []field{
		hidden("username", c.Username), hidden("destination", c.Parameters[deliveryDestination]), hidden("deliveryMedium", c.Parameters[deliveryMedium]),
	}
}

// sent says where a code is, and what for.
func (c challenge) sent(what, purpose string) string {
	to := c.Parameters[deliveryDestination]
	switch {
	case to == "":
		return "Enter the " + what + " below to " + purpose
	case c.Parameters[deliveryMedium] == string(types.DeliveryMediumTypeSms):
		return "We have sent a " + what + " by SMS to " + to + ". Enter it below to " + purpose
	}
	return "We have sent a " + what + " by email to " + to + ". Enter it below to " + purpose
}

func nameField(value string) field {
	return field{Name: "username", ID: "username", Label: "Username", Type: "text", Autocomplete: "username", Value: value}
}
