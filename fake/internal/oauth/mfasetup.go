package oauth

import (
	"encoding/json"
	"html/template"
	"net/url"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// How users choose a second factor, or register one. The names of the fields are inferred.

// secretCode is the parameter of MFA_SETUP with the secret of the authenticator that is being registered. The
// service's own challenge does not have it.
const secretCode = "SECRET_CODE"

// prepare begins to register an authenticator, where a challenge asks for a factor and an app is one.
func (r *Request) prepare(c *challenge) (err error) {
	if c.Name != types.ChallengeNameTypeMfaSetup || !slices.Contains(c.factors("MFAS_CAN_SETUP"), pool.FactorTOTP) {
		return nil
	}
	c.Parameters[secretCode], c.Session, err = r.engine.AssociateTOTP(r.http.Context(), c.Session)
	return err
}

// factors returns the second factors that a parameter lists.
func (c challenge) factors(parameter string) []pool.Factor {
	var factors []pool.Factor
	if json.Unmarshal([]byte(c.Parameters[parameter]), &factors) != nil {
		return nil // the cookie is the browser's to spoil
	}
	return factors
}

// choiceForm asks which factor it shall be.
func (c challenge) choiceForm() challengeForm {
	choice := field{Name: "mfa_type", ID: "mfa_type", Label: "Choose how to verify your identity", Type: "radio"}
	for _, f := range c.factors("MFAS_CAN_CHOOSE") {
		choice.Options = append(choice.Options, option{string(f), factorLabel(f)})
	}
	return challengeForm{
		path:   "/mfa",
		page:   page{Title: "Verification", Fields: []field{choice}, Submit: submit{"signInButton", "Continue"}},
		answer: func(get func(string) string) map[string]string { return map[string]string{"ANSWER": get(choice.Name)} },
	}
}

func factorLabel(f pool.Factor) string {
	switch f {
	case pool.FactorSMS:
		return "Text message"
	case pool.FactorEmail:
		return "Email"
	case pool.FactorTOTP:
		return "Authenticator app"
	}
	return string(f)
}

// setupForm registers an authenticator or, in a pool without, an address for codes. There is none for a phone
// number, which the challenge of the API does not take either.
func (c challenge) setupForm() (challengeForm, bool) {
	if secret := c.Parameters[secretCode]; secret != "" {
		return c.authenticatorForm(secret), true
	}
	email := attributeField("email")
	return challengeForm{
		path: "/mfa",
		page: page{
			Title: "Set up verification by email", Note: "Codes for your sign-ins go to this address",
			Fields: []field{email}, Submit: submit{"signInButton", "Continue"},
		},
		answer: func(get func(string) string) map[string]string { return map[string]string{"EMAIL": get(email.Name)} },
	}, slices.Contains(c.factors("MFAS_CAN_SETUP"), pool.FactorEmail)
}

// authenticatorForm shows a secret, and asks for the first code that an app makes of it.
func (c challenge) authenticatorForm(secret string) challengeForm {
	app := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + c.Username, RawQuery: url.Values{"secret": {secret}}.Encode()}
	return challengeForm{
		path: "/mfa",
		page: page{
			Title: "Set up an authenticator app", Note: "Add this key to your authenticator app, then enter the code that it shows",
			Secret: secret, App: template.URL(app.String()), // whose parts are escaped
			Fields: []field{codeInput()}, Submit: submit{"signInButton", "Sign in"},
		},
		answer: func(func(string) string) map[string]string { return map[string]string{} },
	}
}
