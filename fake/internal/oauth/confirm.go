package oauth

import (
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/signin"
)

// toConfirmation sends the browser to the page on which a sign-up is confirmed; the sign-in goes on from there.
func (r *Request) toConfirmation(l signin.Login, to *types.CodeDeliveryDetailsType) Answer {
	session, err := r.engine.Keep(r.pool, l)
	if err != nil {
		return r.errorPage(err)
	}
	return r.carry("/confirmUser", challenge{confirmation, session, l.Username, delivery(to)})
}

// showConfirmation answers the page on which a sign-up is confirmed, or confirms at once who follows the link of a
// message.
func (r *Request) showConfirmation() Answer {
	if r.query.Has("confirmation_code") {
		return r.confirmByLink()
	}
	if _, refused := r.visitor(); refused != nil {
		return *refused
	}
	return r.confirmationPage(nil)
}

func (r *Request) confirmationPage(failed error) Answer {
	c := r.pending(confirmation)
	return r.showAgain(page{
		Title: "Confirm your account", Note: c.sent("code", "confirm your account"), Form: "confirm",
		Fields: append(c.whom(), field{Name: "code", ID: "verification_code", Label: "Verification code", Type: "text", Autocomplete: "one-time-code"}),
		Submit: submit{"confirm", "Confirm account"},
		Other:  submit{"resend", "Resend code"}, OtherURL: r.url("/resendcode", r.query),
	}, failed)
}

// confirm confirms a sign-up by a code, and signs in the browser in which the user has given the password within
// five minutes (inferred). Any other goes on at the login page.
func (r *Request) confirm() Answer {
	a, refused := r.visitor()
	if refused != nil {
		return *refused
	}
	c := r.pending(confirmation)
	if err := r.confirmSignUp(c.Username, r.form.Get("code")); err != nil {
		return r.confirmationPage(err)
	}
	login, ok := r.engine.Kept(r.pool, c.Session)
	if !ok {
		return r.toLogin()
	}
	return r.enter(a, login)
}

func (r *Request) confirmSignUp(username, code string) error {
	c, ok := r.client()
	if !ok {
		return invalidRequest("")
	}
	_, err := operate(r, "ConfirmSignUp", &cip.ConfirmSignUpInput{
		ClientId: &c.ID, Username: &username, ConfirmationCode: &code, SecretHash: secretHash(c, username),
	}, r.api.ConfirmSignUp)
	return err
}

// confirmByLink confirms a sign-up by the link of a message. Where the link names a callback URL of the app client,
// the browser goes there, without a code; that, and the status of a refusal, is inferred.
func (r *Request) confirmByLink() Answer {
	if r.query.Get("client_id") == "" {
		return r.errorPage(missingParameter("client_id"))
	}
	c, ok := r.client()
	if !ok {
		return r.errorPage(invalidRequest(""))
	}
	if err := r.confirmSignUp(r.query.Get("user_name"), r.query.Get("confirmation_code")); err != nil {
		answer := r.errorPage(invalidRequest(messageOf(err)))
		answer.Err = err
		return answer
	}
	if to := r.query.Get("redirect_uri"); slices.Contains(c.Settings.CallbackURLs, to) {
		return redirect(to)
	}
	return render(http.StatusOK, page{Title: "Your registration has been confirmed!"})
}

// showResend answers the page on which another code is asked for.
func (r *Request) showResend() Answer {
	if _, refused := r.visitor(); refused != nil {
		return *refused
	}
	return r.resendPage(nil)
}

func (r *Request) resendPage(failed error) Answer {
	return r.showAgain(page{
		Title: "Resend code", Note: "Enter your Username below and we will send another code to confirm your account", Form: "resendcode",
		Fields: []field{nameField(r.pending(confirmation).Username)}, Submit: submit{"resend", "Resend code"},
	}, failed)
}

// resend sends another code for a sign-up.
func (r *Request) resend() Answer {
	a, refused := r.visitor()
	if refused != nil {
		return *refused
	}
	c := r.pending(confirmation)
	out, err := operate(r, "ResendConfirmationCode", &cip.ResendConfirmationCodeInput{
		ClientId: &a.client.ID, Username: aws.String(c.Username), SecretHash: secretHash(a.client, c.Username),
	}, r.api.ResendConfirmationCode)
	if err != nil {
		return r.resendPage(err)
	}
	c.Parameters = delivery(out.CodeDeliveryDetails)
	return r.carry("/confirmUser", c)
}
