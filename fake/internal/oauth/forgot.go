package oauth

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// showForgot answers the page on which users ask for a code to choose another password by.
func (r *Request) showForgot() Answer {
	if _, refused := r.visitor(); refused != nil {
		return *refused
	}
	return r.forgotPage(nil)
}

func (r *Request) forgotPage(failed error) Answer {
	return r.showAgain(page{
		Title: "Forgot your password?", Note: "Enter your Username below and we will send a message to reset your password",
		Form:   "forgotpasswordform",
		Fields: []field{nameField(r.pending(passwordReset).Username)}, Submit: submit{"reset_my_password", "Reset my password"},
		Links: []link{{r.url("/confirmforgotPassword", r.query), "I have a code"}, {r.url("/login", r.query), "Back to sign in"}},
	}, failed)
}

// forgot sends a code.
func (r *Request) forgot() Answer {
	a, refused := r.visitor()
	if refused != nil {
		return *refused
	}
	name := r.Username()
	out, err := operate(r, "ForgotPassword", &cip.ForgotPasswordInput{
		ClientId: &a.client.ID, Username: &name, SecretHash: secretHash(a.client, name),
	}, r.api.ForgotPassword)
	if err != nil {
		return r.forgotPage(err)
	}
	return r.carry("/confirmforgotPassword", challenge{Name: passwordReset, Username: name, Parameters: delivery(out.CodeDeliveryDetails)})
}

// showReset answers the page on which users choose another password.
func (r *Request) showReset() Answer {
	if _, refused := r.visitor(); refused != nil {
		return *refused
	}
	return r.resetPage(nil)
}

func (r *Request) resetPage(failed error) Answer {
	c := r.pending(passwordReset)
	return r.showAgain(page{
		Title: "Change your password", Note: c.sent("password reset code", "reset your password"), Form: "confirmforgotpasswordform",
		Fields: append(c.whom(),
			field{Name: "code", ID: "forgot_password_code", Label: "Code", Type: "text", Autocomplete: "one-time-code"},
			field{Name: "password", ID: "new_password", Label: "New password", Type: "password", Autocomplete: "new-password"},
			field{Name: "confirmPassword", ID: "confirm_password", Label: "Enter new password again", Type: "password", Autocomplete: "new-password"}),
		Submit: submit{"reset_password", "Change Password"},
		Links:  []link{{r.url("/forgotPassword", r.query), "Send another code"}},
	}, failed)
}

// reset sets another password by a code. Its user signs in with it next (developer guide).
func (r *Request) reset() Answer {
	a, refused := r.visitor()
	if refused != nil {
		return *refused
	}
	password := r.form.Get("password")
	if r.form.Has("confirmPassword") && r.form.Get("confirmPassword") != password {
		return r.resetPage(passwordsDiffer())
	}
	name := r.pending(passwordReset).Username
	_, err := operate(r, "ConfirmForgotPassword", &cip.ConfirmForgotPasswordInput{
		ClientId: &a.client.ID, Username: &name, SecretHash: secretHash(a.client, name),
		ConfirmationCode: aws.String(r.form.Get("code")), Password: &password,
	}, r.api.ConfirmForgotPassword)
	if err != nil {
		return r.resetPage(err)
	}
	answer := r.toLogin()
	r.clearCookie(answer, challengeCookie)
	return answer
}
