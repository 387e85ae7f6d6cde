package constraint_test

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/constraint/constrainttest"
)

// check returns the message of the error that Check returns, "" for none.
func check(t *testing.T, operation string, input any) string {
	t.Helper()
	err := constraint.Check(operation, input)
	if err == nil {
		return ""
	}
	var e *types.InvalidParameterException
	if !errors.As(err, &e) {
		t.Fatalf("Check = %v, want an InvalidParameterException", err)
	}
	return e.ErrorMessage()
}

// change returns a valid input of the operation after f changed it.
func change[I any](operation string, f func(*I)) *I {
	in := constrainttest.Valid(operation).(*I)
	f(in)
	return in
}

func TestCheck(t *testing.T) {
	const message = `[\p{L}\p{M}\p{S}\p{N}\p{P}\s*]*`
	tests := []struct {
		reason    string
		operation string
		input     any
		want      string // "" for a valid input
	}{
		// Texts as seen in answers of the service.
		{"pattern, and the value of a client ID is shown", "InitiateAuth",
			change("InitiateAuth", func(in *cip.InitiateAuthInput) { in.ClientId = aws.String("ap-northeast-1_x-x") }),
			`1 validation error detected: Value 'ap-northeast-1_x-x' at 'clientId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+]+`},
		{"several violations of one member", "VerifySoftwareToken",
			&cip.VerifySoftwareTokenInput{UserCode: aws.String("Aaaa")},
			`2 validation errors detected: Value 'Aaaa' at 'userCode' failed to satisfy constraint: Member must have length greater than or equal to 6; ` +
				`Value 'Aaaa' at 'userCode' failed to satisfy constraint: Member must satisfy regular expression pattern: [0-9]+`},
		{"several members, some sensitive", "AdminAddUserToGroup", &cip.AdminAddUserToGroupInput{UserPoolId: aws.String("us-east-1_a")},
			`2 validation errors detected: Value null at 'groupName' failed to satisfy constraint: Member must not be null; ` +
				`Value at 'username' failed to satisfy constraint: Member must not be null`},
		{"enum in the service's order", "CreateUserPool",
			change("CreateUserPool", func(in *cip.CreateUserPoolInput) { in.MfaConfiguration = "false" }),
			`1 validation error detected: Value 'false' at 'mfaConfiguration' failed to satisfy constraint: Member must satisfy enum value set: [OPTIONAL, OFF, ON]`},
		{"password pattern of the service", "AdminSetUserPassword",
			change("AdminSetUserPassword", func(in *cip.AdminSetUserPasswordInput) { in.Password = aws.String(" a ") }),
			`1 validation error detected: Value at 'password' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\S]+.*[\S]+$`},
		{"list of enums as a whole", "CreateUserPoolClient",
			change("CreateUserPoolClient", func(in *cip.CreateUserPoolClientInput) {
				in.ExplicitAuthFlows = []types.ExplicitAuthFlowsType{"ADMIN_USER_PASSWORD_AUTH"}
			}),
			`1 validation error detected: Value '[ADMIN_USER_PASSWORD_AUTH]' at 'explicitAuthFlows' failed to satisfy constraint: Member must satisfy constraint: ` +
				`[Member must satisfy enum value set: [ALLOW_CUSTOM_AUTH, ADMIN_NO_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_SRP_AUTH, ` +
				`CUSTOM_AUTH_FLOW_ONLY, USER_PASSWORD_AUTH, ALLOW_ADMIN_USER_PASSWORD_AUTH, ALLOW_USER_AUTH]]`},
		{"list of strings names all constraints of its elements", "CreateUserPoolClient",
			change("CreateUserPoolClient", func(in *cip.CreateUserPoolClientInput) { in.CallbackURLs = []string{"https://a", " ", "b"} }),
			`1 validation error detected: Value '[https://a,  , b]' at 'callbackURLs' failed to satisfy constraint: Member must satisfy constraint: ` +
				`[Member must have length less than or equal to 1024, Member must have length greater than or equal to 1, ` +
				`Member must satisfy regular expression pattern: [\p{L}\p{M}\p{S}\p{N}\p{P}]+]`},
		{"path through a list of structures", "CreateUserPool",
			change("CreateUserPool", func(in *cip.CreateUserPoolInput) {
				in.Schema = []types.SchemaAttributeType{{Name: aws.String("a")}, {Name: aws.String(strings.Repeat("n", 21))}}
			}),
			`1 validation error detected: Value 'nnnnnnnnnnnnnnnnnnnnn' at 'schema.2.member.name' failed to satisfy constraint: Member must have length less than or equal to 20`},
		{"numbers", "CreateUserPool",
			change("CreateUserPool", func(in *cip.CreateUserPoolInput) {
				in.Policies = &types.UserPoolPolicyType{PasswordPolicy: &types.PasswordPolicyType{MinimumLength: aws.Int32(5), PasswordHistorySize: aws.Int32(25)}}
			}),
			`2 validation errors detected: Value '5' at 'policies.passwordPolicy.minimumLength' failed to satisfy constraint: Member must have value greater than or equal to 6; ` +
				`Value '25' at 'policies.passwordPolicy.passwordHistorySize' failed to satisfy constraint: Member must have value less than or equal to 24`},
		{"an omitted number counts as 0", "ListResourceServers", &cip.ListResourceServersInput{UserPoolId: aws.String("us-east-1_a")},
			`1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1`},
		{"invitation without its placeholder, under the service's own name", "CreateUserPool",
			change("CreateUserPool", func(in *cip.CreateUserPoolInput) {
				in.AdminCreateUserConfig = &types.AdminCreateUserConfigType{InviteMessageTemplate: &types.MessageTemplateType{
					EmailMessage: aws.String("no code"), SMSMessage: aws.String("no code")}}
			}),
			`2 validation errors detected: Value 'no code' at 'adminCreateUserConfig.inviteMessage.emailMessage' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: ` + message + `\{####\}` + message + `; ` +
				`Value 'no code' at 'adminCreateUserConfig.inviteMessage.smsMessage' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: .*\{####\}.*`},
		{"verification messages without their placeholders", "CreateUserPool",
			change("CreateUserPool", func(in *cip.CreateUserPoolInput) {
				in.VerificationMessageTemplate = &types.VerificationMessageTemplateType{
					EmailMessage: aws.String("no code"), EmailMessageByLink: aws.String("no link"), SmsMessage: aws.String("no code")}
			}),
			`3 validation errors detected: Value 'no code' at 'verificationMessageTemplate.emailMessage' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: ` + message + `\{####\}` + message + `; ` +
				`Value 'no link' at 'verificationMessageTemplate.emailMessageByLink' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: ` + message + `\{##` + message + `##\}` + message + `; ` +
				`Value 'no code' at 'verificationMessageTemplate.smsMessage' failed to satisfy constraint: ` +
				`Member must satisfy regular expression pattern: .*\{####\}.*`},
		{"order of the account takeover actions", "SetRiskConfiguration",
			&cip.SetRiskConfigurationInput{UserPoolId: aws.String("us-east-1_a"), AccountTakeoverRiskConfiguration: &types.AccountTakeoverRiskConfigurationType{
				Actions: &types.AccountTakeoverActionsType{LowAction: &types.AccountTakeoverActionType{EventAction: "X"}}}},
			`1 validation error detected: Value 'X' at 'accountTakeoverRiskConfiguration.actions.lowAction.eventAction' failed to satisfy constraint: ` +
				`Member must satisfy enum value set: [MFA_IF_CONFIGURED, BLOCK, NO_ACTION, MFA_REQUIRED]`},
		{"orders of the compromised credentials enums", "SetRiskConfiguration",
			&cip.SetRiskConfigurationInput{UserPoolId: aws.String("us-east-1_a"), CompromisedCredentialsRiskConfiguration: &types.CompromisedCredentialsRiskConfigurationType{
				Actions: &types.CompromisedCredentialsActionsType{EventAction: "X"}, EventFilter: []types.EventFilterType{"Y"}}},
			`2 validation errors detected: Value 'X' at 'compromisedCredentialsRiskConfiguration.actions.eventAction' failed to satisfy constraint: ` +
				`Member must satisfy enum value set: [BLOCK, NO_ACTION]; ` +
				`Value '[Y]' at 'compromisedCredentialsRiskConfiguration.eventFilter' failed to satisfy constraint: ` +
				`Member must satisfy constraint: [Member must satisfy enum value set: [SIGN_IN, PASSWORD_CHANGE, SIGN_UP]]`},

		// Inferred forms.
		{"keys and values of a map", "TagResource",
			change("TagResource", func(in *cip.TagResourceInput) {
				in.Tags = map[string]string{"b": strings.Repeat("v", 257), "": "x"}
			}),
			`2 validation errors detected: Value '{=x, b=` + strings.Repeat("v", 257) + `}' at 'tags' failed to satisfy constraint: ` +
				`Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length greater than or equal to 1]; ` +
				`Value '{=x, b=` + strings.Repeat("v", 257) + `}' at 'tags' failed to satisfy constraint: ` +
				`Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 0]`},
		{"a sensitive map", "InitiateAuth",
			change("InitiateAuth", func(in *cip.InitiateAuthInput) {
				in.AuthParameters = map[string]string{"PASSWORD": strings.Repeat("p", 131073)}
			}),
			`1 validation error detected: Value at 'authParameters' failed to satisfy constraint: ` +
				`Map value must satisfy constraint: [Member must have length less than or equal to 131072, Member must have length greater than or equal to 0]`},
		{"a sensitive structure", "InitiateAuth",
			change("InitiateAuth", func(in *cip.InitiateAuthInput) {
				in.UserContextData = &types.UserContextDataType{IpAddress: aws.String(strings.Repeat("1", 131073))}
			}),
			`1 validation error detected: Value at 'userContextData.ipAddress' failed to satisfy constraint: Member must have length less than or equal to 131072`},
		{"a list of structures that is too short", "AddCustomAttributes",
			change("AddCustomAttributes", func(in *cip.AddCustomAttributesInput) { in.CustomAttributes = []types.SchemaAttributeType{} }),
			`1 validation error detected: Value '[]' at 'customAttributes' failed to satisfy constraint: Member must have length greater than or equal to 1`},
		{"a list of structures that is too long", "CreateUserPool",
			change("CreateUserPool", func(in *cip.CreateUserPoolInput) {
				in.AccountRecoverySetting = &types.AccountRecoverySettingType{RecoveryMechanisms: []types.RecoveryOptionType{
					{Name: "admin_only", Priority: aws.Int32(1)}, {Name: "admin_only", Priority: aws.Int32(1)}, {Name: "admin_only", Priority: aws.Int32(1)}}}
			}),
			`1 validation error detected: Value '[RecoveryOptionType, RecoveryOptionType, RecoveryOptionType]' at 'accountRecoverySetting.recoveryMechanisms' ` +
				`failed to satisfy constraint: Member must have length less than or equal to 2`},
		{"a blob", "SetUICustomization",
			change("SetUICustomization", func(in *cip.SetUICustomizationInput) { in.ImageFile = make([]byte, 131073) }),
			`1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=131073 cap=131073]' at 'imageFile' failed to satisfy constraint: ` +
				`Member must have length less than or equal to 131072`},
		{"the one shape with lower-case wire names", "AdminInitiateAuth",
			change("AdminInitiateAuth", func(in *cip.AdminInitiateAuthInput) {
				in.ContextData = &types.ContextDataType{IpAddress: aws.String("i"), ServerName: aws.String("s"), ServerPath: aws.String("p"),
					HttpHeaders: []types.HttpHeader{{HeaderName: aws.String(strings.Repeat("n", 131073))}}}
			}),
			`1 validation error detected: Value '` + strings.Repeat("n", 131073) + `' at 'contextData.httpHeaders.1.member.headerName' failed to satisfy constraint: ` +
				`Member must have length less than or equal to 131072`},

		// Valid inputs.
		{"a short password reaches the password policy", "SignUp",
			change("SignUp", func(in *cip.SignUpInput) { in.Password = aws.String("123") }), ""},
		{"a password may have spaces inside", "SignUp",
			change("SignUp", func(in *cip.SignUpInput) { in.Password = aws.String("pass word") }), ""},
		{"an empty list that is required is present", "UpdateUserAttributes",
			change("UpdateUserAttributes", func(in *cip.UpdateUserAttributesInput) { in.UserAttributes = []types.AttributeType{} }), ""},
		{"a number that may be omitted", "ListUserPoolClients", &cip.ListUserPoolClientsInput{UserPoolId: aws.String("us-east-1_a")}, ""},
		{"lengths count UTF-16 code units", "SignUp",
			change("SignUp", func(in *cip.SignUpInput) { in.Username = aws.String(strings.Repeat("😀", 64)) }), ""},
		{"and a character beyond them is two", "SignUp",
			change("SignUp", func(in *cip.SignUpInput) { in.Username = aws.String(strings.Repeat("😀", 64) + "a") }),
			`1 validation error detected: Value at 'username' failed to satisfy constraint: Member must have length less than or equal to 128`},
		{"an operation that the model lacks", "CreateUserPoolReplica", &cip.CreateUserPoolReplicaInput{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.reason, func(t *testing.T) {
			if d := cmp.Diff(tt.want, check(t, tt.operation, tt.input)); d != "" {
				t.Errorf("message (-want +got):\n%s", d)
			}
		})
	}
}

func TestNotInEnum(t *testing.T) {
	want := "InvalidParameterException: 1 validation error detected: Value 'PUT' at 'attributes_request_method' " +
		"failed to satisfy constraint: Member must satisfy enum value set: [POST, GET]"
	if got := constraint.NotInEnum("attributes_request_method", "PUT", "POST", "GET").Error(); got != want {
		t.Errorf("NotInEnum = %q, want %q", got, want)
	}
}

func TestCheckAs(t *testing.T) {
	for _, test := range []struct{ why, text, member, want string }{
		{"the code is there", "Take {####}", "EmailVerificationMessage", ""},
		{"it is not", "Welcome", "SmsVerificationMessage",
			`InvalidParameterException: 1 validation error detected: Value 'Welcome' at 'body' failed to satisfy constraint: Member must satisfy regular expression pattern: .*\{####\}.*`},
		{"too short besides", "Hi", "SmsVerificationMessage",
			`InvalidParameterException: 2 validation errors detected: Value 'Hi' at 'body' failed to satisfy constraint: Member must have length greater than or equal to 6; ` +
				`Value 'Hi' at 'body' failed to satisfy constraint: Member must satisfy regular expression pattern: .*\{####\}.*`},
		{"a member of a structure", "Go {##there##}", "VerificationMessageTemplate.EmailMessageByLink", ""},
	} {
		got := ""
		if err := constraint.CheckAs("body", test.text, test.member); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: CheckAs = %q, want %q", test.why, got, test.want)
		}
	}
}

// TestMembers finds every member of the table in the SDK's structs. A number
// that is always sent must be allowed to be 0.
func TestMembers(t *testing.T) {
	for _, operation := range constraint.Operations() {
		checkFields(t, constraint.Input(operation), reflect.TypeOf(constrainttest.Valid(operation)).Elem())
	}
}

func checkFields(t *testing.T, s *constraint.Shape, typ reflect.Type) {
	for i := range s.Members {
		m := &s.Members[i]
		f, ok := typ.FieldByName(m.Name)
		if !ok {
			t.Errorf("%s has no field %s", typ, m.Name)
			continue
		}
		below, shape := f.Type, m.Shape
		if below.Kind() == reflect.Slice && shape.Kind == constraint.List {
			below, shape = below.Elem(), shape.Element
		}
		if below.Kind() == reflect.Pointer {
			below = below.Elem()
		}
		if shape.Kind == constraint.Structure {
			checkFields(t, shape, below)
		}
		if f.Type.Kind() == reflect.Int32 {
			checkZero(t, m)
		}
	}
}

func checkZero(t *testing.T, m *constraint.Member) {
	for _, c := range m.Shape.Constraints {
		if c.Kind == constraint.MinValue && c.Limit > 0 {
			t.Errorf("%s is sent as 0 when it is not set, but the least value is %d", m.Name, c.Limit)
		}
	}
}

// TestCheckConcurrently lets the race detector watch the first checks.
func TestCheckConcurrently(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for _, operation := range constraint.Operations() {
				if err := constraint.Check(operation, constrainttest.Valid(operation)); err != nil {
					t.Errorf("%s: %v", operation, err)
				}
			}
		})
	}
	wg.Wait()
}

func BenchmarkCheck(b *testing.B) {
	inputs := map[string]any{
		"InitiateAuth": &cip.InitiateAuthInput{
			AuthFlow:       types.AuthFlowTypeUserPasswordAuth,
			ClientId:       aws.String("38fjsnc484p94kpqsnet7mpld0"),
			AuthParameters: map[string]string{"USERNAME": "ann@example.com", "PASSWORD": "Passw0rd!"},
		},
		"AdminCreateUser": &cip.AdminCreateUserInput{
			UserPoolId:        aws.String("us-east-1_W6ST8sYH6"),
			Username:          aws.String("ann@example.com"),
			TemporaryPassword: aws.String("Passw0rd!"),
			MessageAction:     types.MessageActionTypeSuppress,
			UserAttributes: []types.AttributeType{
				{Name: aws.String("email"), Value: aws.String("ann@example.com")},
				{Name: aws.String("email_verified"), Value: aws.String("true")},
			},
		},
	}
	for operation, in := range inputs {
		b.Run(operation, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := constraint.Check(operation, in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
