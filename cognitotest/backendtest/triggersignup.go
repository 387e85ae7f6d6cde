package backendtest

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

var preSignUps = []Behaviour{
	{"pre sign-up can confirm somebody who signs up, who gets no code and signs in at once", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		out, err := signUp(p, "ann", "email", "ann@example.com")
		need(t, err)
		if !out.UserConfirmed || out.CodeDeliveryDetails != nil {
			t.Errorf("UserConfirmed, CodeDeliveryDetails = %v, %v; want true and none", out.UserConfirmed, out.CodeDeliveryDetails)
		}
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
		wantAttributes(t, p, "ann", "email", "ann@example.com")
		need(t, fail(signIn(p, "ann", goodPassword)))
	}},
	{"pre sign-up can vouch for an address and a number", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying("autoVerifyEmail", true, "autoVerifyPhone", true))
		out, err := signUp(p, "ann", "email", "ann@example.com", "phone_number", "+12065550134")
		need(t, err)
		if out.UserConfirmed {
			t.Error("UserConfirmed = true, and the function has not confirmed the user")
		}
		wantAttributes(t, p, "ann", "email", "ann@example.com", "email_verified", "true", "phone_number", "+12065550134", "phone_number_verified", "true")
		wantStatus(t, p, "ann", types.UserStatusTypeUnconfirmed)
	}},
	{"an address that pre sign-up vouches for is the newcomer's alias, and nobody else's any more", func(t *testing.T, start Start) {
		p := start(t, aliases(types.AliasAttributeTypeEmail))
		need(t, fail(create(p, "ann", with("email", "shared@example.com", "email_verified", "true"))))
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true, "autoVerifyEmail", true))
		need(t, fail(signUp(p, "bob", "email", "shared@example.com")))
		wantAttributes(t, p, "ann", "email", "shared@example.com", "email_verified", "false")
		if got := aws.ToString(look(t, p, "shared@example.com").Username); got != "bob" {
			t.Errorf("the alias names %s, want bob", got)
		}
	}},
	{"pre sign-up cannot vouch for what the newcomer has not given", func(t *testing.T, start Start) {
		p := start(t)
		for _, row := range []struct{ why, member string }{
			{"no address", "autoVerifyEmail"},
			{"no number", "autoVerifyPhone"},
		} {
			part(t, row.why, func(t *testing.T) {
				onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true, row.member, true))
				wantCode(t, fail(signUp(p, "ann")), "InvalidParameterException")
				wantNobody(t, p, "ann")
			})
		}
	}},
	{"pre sign-up can refuse somebody; the error has its words, and a full stop", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, refusing("Email address exists and UNCONFIRMED"))
		wantError(t, fail(signUp(p, "ann")), "UserLambdaValidationException", "PreSignUp failed with error Email address exists and UNCONFIRMED.")
		wantNobody(t, p, "ann")
		_, err := create(p, "bob")
		wantError(t, err, "UserLambdaValidationException", "PreSignUp failed with error Email address exists and UNCONFIRMED.")
		wantNobody(t, p, "bob")
	}},
	{"nobody asks pre sign-up about a sign-up that breaks a rule", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(signUp(p, "ann")))
		onTrigger(t, p, fake.PreSignUp, replying())
		wantCode(t, fail(signUp(p, "ann")), "UsernameExistsException")
		wantCode(t, fail(signUp(p, "bob", "email", "nowhere")), "InvalidParameterException")
		wantSources(t, p)
	}},
	{"what pre sign-up answers about a user whom an administrator makes changes nothing", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true, "autoVerifyEmail", true))
		need(t, fail(create(p, "ann", with("email", "ann@example.com"))))
		wantStatus(t, p, "ann", types.UserStatusTypeForceChangePassword)
		wantAttributes(t, p, "ann", "email", "ann@example.com")
		wantSources(t, p, "PreSignUp_AdminCreateUser")
	}},
	{"a name that is taken while pre sign-up runs is taken", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, func(e event) (event, error) {
			if e.part("callerContext")["clientId"] == p.ClientID {
				return e, fail(create(p, "ann"))
			}
			return e, nil
		})
		wantError(t, fail(signUp(p, "ann")), "UsernameExistsException", "User already exists")
		wantStatus(t, p, "ann", types.UserStatusTypeForceChangePassword)
	}},
}

var postConfirmations = []Behaviour{
	{"post confirmation follows what confirms a user, and a new password by a code", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		onTrigger(t, p, fake.PostConfirmation, replying())
		code := newcomer(t, p, "ann")
		wantCode(t, confirm(p, "ann", wrong(code)), "CodeMismatchException")
		wantSources(t, p)
		need(t, confirm(p, "ann", code))
		wantSources(t, p, "PostConfirmation_ConfirmSignUp")

		need(t, fail(p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: aws.String("ann")})))
		need(t, fail(p.Client().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
			ClientId: &p.ClientID, Username: aws.String("ann"), ConfirmationCode: aws.String(lastCode(t, p, "ann")), Password: aws.String(goodPassword),
		})))
		need(t, fail(signUp(p, "bob")))
		need(t, fail(p.Client().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &p.PoolID, Username: aws.String("bob")})))
		need(t, setPassword(p, "ann", "Perman3nt!", true))
		wantSources(t, p, "PostConfirmation_ConfirmSignUp", "PostConfirmation_ConfirmForgotPassword", "PostConfirmation_ConfirmSignUp")
	}},
	{"post confirmation finds the user confirmed", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		var told, found string
		onTrigger(t, p, fake.PostConfirmation, func(e event) (event, error) {
			out, err := p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: aws.String("ann")})
			if err == nil {
				told, found = e.attribute("cognito:user_status"), string(out.UserStatus)
			}
			return e, err
		})
		need(t, confirm(p, "ann", newcomer(t, p, "ann")))
		if told != "CONFIRMED" || found != "CONFIRMED" {
			t.Errorf("the event says %s and the pool %s, want CONFIRMED", told, found)
		}
	}},
	{"post confirmation comes after pre sign-up where that confirms the user", func(t *testing.T, start Start) {
		p := start(t)
		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		onTrigger(t, p, fake.PostConfirmation, replying())
		need(t, fail(signUp(p, "ann")))
		wantSources(t, p, "PreSignUp_SignUp", "PostConfirmation_ConfirmSignUp")
	}},
	{"a failure of post confirmation is answered, and leaves the user confirmed", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithPool(autoVerifying(autoEmail)))
		onTrigger(t, p, fake.PostConfirmation, refusing("the directory is down"))
		const want = "PostConfirmation failed with error the directory is down."
		code := newcomer(t, p, "ann")
		wantError(t, confirm(p, "ann", code), "UserLambdaValidationException", want)
		wantStatus(t, p, "ann", types.UserStatusTypeConfirmed)
		wantAttributes(t, p, "ann", "email", "ann@example.com", "email_verified", "true")
		wantError(t, confirm(p, "ann", code), "NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED")

		need(t, fail(signUp(p, "bob")))
		err := fail(p.Client().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &p.PoolID, Username: aws.String("bob")}))
		wantError(t, err, "UserLambdaValidationException", want)
		wantStatus(t, p, "bob", types.UserStatusTypeConfirmed)

		onTrigger(t, p, fake.PreSignUp, replying("autoConfirmUser", true))
		wantError(t, fail(signUp(p, "eve")), "UserLambdaValidationException", want)
		wantStatus(t, p, "eve", types.UserStatusTypeConfirmed)
	}},
	{"a failure of post confirmation leaves a forgotten password replaced", func(t *testing.T, start Start) {
		p := start(t)
		u := p.NewUser(t, cognitotest.Email("a@example.com"))
		onTrigger(t, p, fake.PostConfirmation, refusing("no"))
		need(t, fail(p.Client().ForgotPassword(ctx, &cip.ForgotPasswordInput{ClientId: &p.ClientID, Username: &u.Username})))
		err := fail(p.Client().ConfirmForgotPassword(ctx, &cip.ConfirmForgotPasswordInput{
			ClientId: &p.ClientID, Username: &u.Username, ConfirmationCode: aws.String(lastCode(t, p, u.Username)), Password: aws.String("Another-Horse-8"),
		}))
		wantError(t, err, "UserLambdaValidationException", "PostConfirmation failed with error no.")
		need(t, fail(signIn(p, u.Username, "Another-Horse-8")))
	}},
}
