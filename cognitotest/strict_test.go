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

// strictCase is a use of a pool, and what a strict test says to it.
type strictCase struct {
	why  string
	opts []cognitotest.Option
	do   func(*cognitotest.Provider) // nil for nothing more
	want []string
}

func (c strictCase) use(p *cognitotest.Provider) {
	if c.do != nil {
		c.do(p)
	}
}

var strictCases = []strictCase{
	{"nothing", nil, nil, nil},
	{"a sign-in", nil, func(p *cognitotest.Provider) {
		p.Client().InitiateAuth(context.Background(), &cip.InitiateAuthInput{
			ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "x"},
		})
	}, nil},
	{"a setting of the pool", []cognitotest.Option{cognitotest.WithPool(cip.CreateUserPoolInput{
		EmailConfiguration: &types.EmailConfigurationType{ReplyToEmailAddress: aws.String("ann@example.com")},
	})}, nil, []string{"cognitotest: EmailConfiguration (delivery through Amazon SES) is stored but not simulated"}},
	{"a setting of an app client, twice", nil, func(p *cognitotest.Provider) {
		for range 2 {
			p.Client().CreateUserPoolClient(context.Background(), &cip.CreateUserPoolClientInput{
				UserPoolId: &p.PoolID, ClientName: aws.String("web"), EnablePropagateAdditionalUserContextData: aws.Bool(true), GenerateSecret: true,
			})
		}
	}, []string{"cognitotest: EnablePropagateAdditionalUserContextData (threat protection) is stored but not simulated"}},
	{"an operation that is not simulated", nil, func(p *cognitotest.Provider) {
		p.Client().GetUICustomization(context.Background(), &cip.GetUICustomizationInput{UserPoolId: &p.PoolID})
	}, []string{"cognitotest: GetUICustomization is not simulated by this version of the fake"}},
	{"the old name of a flow", nil, func(p *cognitotest.Provider) {
		p.Client().AdminInitiateAuth(context.Background(), &cip.AdminInitiateAuthInput{
			UserPoolId: &p.PoolID, ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeAdminNoSrpAuth,
			AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "x"},
		})
	}, []string{"cognitotest: AuthFlow ADMIN_NO_SRP_AUTH is deprecated: use ADMIN_USER_PASSWORD_AUTH"}},
	{"the old name of a client's flow", nil, func(p *cognitotest.Provider) {
		out, err := p.Client().CreateUserPoolClient(context.Background(), &cip.CreateUserPoolClientInput{
			UserPoolId: &p.PoolID, ClientName: aws.String("old"), ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeUserPasswordAuth},
		})
		if err == nil {
			p.Client().UpdateUserPoolClient(context.Background(), &cip.UpdateUserPoolClientInput{
				UserPoolId: &p.PoolID, ClientId: out.UserPoolClient.ClientId,
				ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAdminNoSrpAuth},
			})
		}
	}, []string{
		"cognitotest: ExplicitAuthFlows USER_PASSWORD_AUTH is deprecated: use ALLOW_USER_PASSWORD_AUTH",
		"cognitotest: ExplicitAuthFlows ADMIN_NO_SRP_AUTH is deprecated: use ALLOW_ADMIN_USER_PASSWORD_AUTH",
	}},
	{"settings of users", nil, func(p *cognitotest.Provider) {
		p.Client().SetUserSettings(context.Background(), &cip.SetUserSettingsInput{AccessToken: aws.String("a.b.c"), MFAOptions: []types.MFAOptionType{}})
		p.Client().AdminSetUserSettings(context.Background(), &cip.AdminSetUserSettingsInput{
			UserPoolId: &p.PoolID, Username: aws.String("ann"), MFAOptions: []types.MFAOptionType{},
		})
	}, []string{
		"cognitotest: SetUserSettings is deprecated: use SetUserMFAPreference",
		"cognitotest: AdminSetUserSettings is deprecated: use AdminSetUserMFAPreference",
	}},
	{"days that an account may wait", []cognitotest.Option{cognitotest.WithPool(cip.CreateUserPoolInput{
		AdminCreateUserConfig: &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 3},
	})}, func(p *cognitotest.Provider) {
		p.Client().UpdateUserPool(context.Background(), &cip.UpdateUserPoolInput{
			UserPoolId: &p.PoolID, AdminCreateUserConfig: &types.AdminCreateUserConfigType{UnusedAccountValidityDays: 3},
		})
	}, []string{"cognitotest: UnusedAccountValidityDays is deprecated: use TemporaryPasswordValidityDays of the password policy"}},
	{"a fault that is met", nil, func(p *cognitotest.Provider) {
		server := p.Fake(tolerant{})
		server.Inject(fake.Fault{Operations: []string{"ListUsers"}, Times: 1, Err: &types.NotAuthorizedException{}})
		p.Client().ListUsers(context.Background(), &cip.ListUsersInput{UserPoolId: &p.PoolID})
	}, nil},
	{"faults that nothing meets", nil, func(p *cognitotest.Provider) {
		server := p.Fake(tolerant{})
		server.Inject(fake.Fault{Operations: []string{"ListUsers", "GetUser"}, Username: "ann", Err: fake.RateExceeded()})
		server.Inject(fake.Fault{ClientID: "web", Delay: 1})()
	}, []string{
		"cognitotest: no call met the fault for ListUsers, GetUser of user ann: TooManyRequestsException: Rate exceeded",
		"cognitotest: no call met the fault for every operation of client web",
	}},
}

// tolerant is a test that nothing happens to.
type tolerant struct{ cognitotest.TB }

func (tolerant) Helper() {}

func TestStrict(t *testing.T) {
	for _, test := range strictCases {
		t.Run(test.why, func(t *testing.T) {
			got := record(t, func(t cognitotest.TB) {
				test.use(cognitotest.New(t, append(test.opts, cognitotest.Strict(), cognitotest.InMemory())...))
			})
			if diff := cmp.Diff(test.want, got.errors); diff != "" {
				t.Errorf("failures (-want +got):\n%s", diff)
			}
		})
	}
}

// TestLenient does the same without Strict: no test fails.
func TestLenient(t *testing.T) {
	for _, test := range strictCases {
		got := record(t, func(t cognitotest.TB) { test.use(cognitotest.New(t, append(test.opts, cognitotest.InMemory())...)) })
		if len(got.errors) > 0 {
			t.Errorf("%s: failures %q, want none", test.why, got.errors)
		}
	}
}

// TestHelpersAreStrict uses every helper of this package in a strict test: none of them relies on what is not
// there.
func TestHelpersAreStrict(t *testing.T) {
	for _, way := range [][]cognitotest.Option{{cognitotest.InMemory()}, {cognitotest.TLS()}, {cognitotest.WithClientSecret(), cognitotest.AWSIssuer()}} {
		opts := append(way, cognitotest.Strict(), cognitotest.WithPasskeys("example.com"),
			cognitotest.WithPool(cip.CreateUserPoolInput{DeviceConfiguration: &types.DeviceConfigurationType{ChallengeRequiredOnNewDevice: true}}),
			cognitotest.WithMFA(cip.SetUserPoolMfaConfigInput{
				MfaConfiguration: types.UserPoolMfaTypeOptional, SoftwareTokenMfaConfiguration: &types.SoftwareTokenMfaConfigType{Enabled: true},
			}))
		got := record(t, func(t cognitotest.TB) {
			p := cognitotest.New(t, opts...)
			p.NewGroup(t, "admins")
			useHelpers(t, p)
			useHelpers(t, p.Fork(t))
		})
		if len(got.errors) > 0 {
			t.Errorf("failures %q, want none", got.errors)
		}
	}
	got := record(t, func(t cognitotest.TB) {
		cognitotest.New(t, cognitotest.Strict(), cognitotest.Fixture("../examples/fixtures/testdata/office.json")).Fork(t)
	})
	if len(got.errors) > 0 {
		t.Errorf("a fixture: failures %q, want none", got.errors)
	}
}

// useHelpers makes users of all kinds, who sign in in all ways.
func useHelpers(t cognitotest.TB, p *cognitotest.Provider) {
	ann := p.NewUser(t, cognitotest.Groups("admins"), cognitotest.Email("ann@example.com"), cognitotest.Phone("+12065550100"))
	ann.AccessToken(t)
	ann.SignInSRP(t)
	ann.RememberDevice(t).SignIn(t)
	p.NewUser(t, cognitotest.TOTP()).IDToken(t)
	p.NewUser(t, cognitotest.Unconfirmed())
	p.NewUser(t, cognitotest.TemporaryPassword())
	bob := p.NewUser(t)
	bob.RegisterPasskey(t)
	bob.SignInPasskey(t)
	p.User(t, bob.Username)
	p.NewAppClient(t, cognitotest.ClientSecret())
}

func TestStrictWithoutATest(t *testing.T) {
	for _, test := range strictCases {
		p, err := cognitotest.Start(t.Context(), append(test.opts, cognitotest.Strict(), cognitotest.InMemory())...)
		if err != nil {
			t.Fatal(err)
		}
		test.use(p)
		var got []string
		if err := p.Close(t.Context()); err != nil {
			got = strings.Split(err.Error(), "\n")
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s: what Close returns (-want +got):\n%s", test.why, diff)
		}
	}
}
