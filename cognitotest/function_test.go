package cognitotest_test

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

const functionARN = "arn:aws:lambda:us-east-1:123456789012:function:sign-up"

// confirmer is a trigger that confirms everybody who signs up.
var confirmer = fake.TriggerFunc(func(_ context.Context, event map[string]any) (map[string]any, error) {
	event["response"] = map[string]any{"autoConfirmUser": true}
	return event, nil
})

// signUp signs somebody up and reports whether that confirmed the user.
func signUp(t *testing.T, p *cognitotest.Provider, username string) (confirmed bool, err error) {
	t.Helper()
	out, err := p.Client().SignUp(context.Background(), &cip.SignUpInput{
		ClientId: &p.ClientID, Username: &username, Password: aws.String("Correct-Horse-7"),
	})
	return err == nil && out.UserConfirmed, err
}

func callsPreSignUp(arn string) cognitotest.Option {
	return cognitotest.WithPool(cip.CreateUserPoolInput{LambdaConfig: &types.LambdaConfigType{PreSignUp: &arn}})
}

func TestFunctionsOfAPool(t *testing.T) {
	for _, test := range []struct {
		name, reason string
		opts         []cognitotest.Option
		confirmed    bool
		failure      string
	}{
		{"none", "a pool without LambdaConfig calls nobody", nil, false, ""},
		{"trigger", "WithTrigger names and binds", []cognitotest.Option{cognitotest.WithTrigger(fake.PreSignUp, confirmer)}, true, ""},
		{"function", "WithPool names, WithFunction binds", []cognitotest.Option{callsPreSignUp(functionARN), cognitotest.WithFunction(functionARN, confirmer)}, true, ""},
		{"other order", "the order of options does not matter", []cognitotest.Option{cognitotest.WithFunction(functionARN, confirmer), callsPreSignUp(functionARN)}, true, ""},
		{"unnamed", "WithFunction alone makes no trigger", []cognitotest.Option{cognitotest.WithFunction(functionARN, confirmer)}, false, ""},
		{"unbound", "the service may not invoke it", []cognitotest.Option{callsPreSignUp(functionARN)}, false, "AccessDeniedException"},
	} {
		t.Run(test.name, func(t *testing.T) {
			confirmed, err := signUp(t, cognitotest.New(t, test.opts...), "ann")
			if confirmed != test.confirmed || (err != nil) != (test.failure != "") || err != nil && !strings.Contains(err.Error(), test.failure) {
				t.Errorf("%s: confirmed = %t, error = %v; want %t, %q", test.reason, confirmed, err, test.confirmed, test.failure)
			}
		})
	}
}

func TestFunctionsCannotServeARealPool(t *testing.T) {
	home := cognitotest.New(t)
	for want, option := range map[string]cognitotest.Option{
		"WithTrigger: a real pool":                 cognitotest.WithTrigger(fake.PreSignUp, confirmer),
		"WithFunction: a real pool":                cognitotest.WithFunction(functionARN, confirmer),
		`no trigger is called "PreSignup"`:         cognitotest.WithTrigger("PreSignup", confirmer),
		"the triggers are [PreSignUp PostConfirma": cognitotest.WithTrigger("", confirmer),
	} {
		opts := []cognitotest.Option{option}
		if strings.Contains(want, "real pool") {
			opts = append(opts, cognitotest.WithBackend(backend{home}))
		}
		if _, err := cognitotest.Start(context.Background(), opts...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want one with %q", err, want)
		}
	}
	pools, err := home.Client().ListUserPools(context.Background(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(10)})
	if err != nil || len(pools.UserPools) != 1 {
		t.Errorf("pools = %v, %v; want none that was left behind", pools, err)
	}
}

func TestInvocationsAreFiltered(t *testing.T) {
	cog := cognitotest.New(t, cognitotest.WithTrigger(fake.PreSignUp, confirmer), cognitotest.WithTrigger(fake.PostConfirmation, fake.TriggerFunc(
		func(_ context.Context, event map[string]any) (map[string]any, error) { return event, nil })))
	for _, name := range []string{"ann", "bob"} {
		if _, err := signUp(t, cog, name); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		reason  string
		filters []fake.InvocationFilter
		want    []string
	}{
		{"everything, oldest first", nil, []string{"PreSignUp_SignUp of ann", "PostConfirmation_ConfirmSignUp of ann", "PreSignUp_SignUp of bob", "PostConfirmation_ConfirmSignUp of bob"}},
		{"a trigger", []fake.InvocationFilter{fake.OfTrigger(fake.PreSignUp)}, []string{"PreSignUp_SignUp of ann", "PreSignUp_SignUp of bob"}},
		{"a user", []fake.InvocationFilter{fake.OfUser(cog.PoolID, "bob")}, []string{"PreSignUp_SignUp of bob", "PostConfirmation_ConfirmSignUp of bob"}},
		{"both", []fake.InvocationFilter{fake.OfUser(cog.PoolID, "bob"), fake.OfTrigger(fake.PostConfirmation)}, []string{"PostConfirmation_ConfirmSignUp of bob"}},
		{"another pool", []fake.InvocationFilter{fake.OfUser("us-east-1_other", "bob")}, []string{}},
		{"a trigger that was not called", []fake.InvocationFilter{fake.OfTrigger(fake.PreTokenGenerationV2)}, []string{}},
	} {
		got := []string{}
		for _, call := range cog.Fake(t).Invocations(test.filters...) {
			got = append(got, string(call.Source)+" of "+call.Username)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: invocations (-want +got):\n%s", test.reason, diff)
		}
	}
}
