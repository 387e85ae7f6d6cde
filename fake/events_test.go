package fake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/fake"
)

// eventSource is a source of triggers, with the calls that fire it and with the type that Go handlers
// take its event by. What the event must be stands in testdata/events.
type eventSource struct {
	source   string
	version  string // in the file's name, where a source has several
	trigger  fake.TriggerSource
	goType   any      // nil where there is none
	lacks    []string // what the event has and the type has not
	fire     func(*stage)
	settings func(*cip.CreateUserPoolInput) // nil where the usual ones will do
}

// signUpSources are the sources of signing up and confirming.
var signUpSources = []eventSource{
	{source: "PreSignUp_SignUp", trigger: fake.PreSignUp, goType: new(events.CognitoEventUserPoolsPreSignup),
		fire: func(s *stage) { s.signUp() }},
	{source: "PreSignUp_AdminCreateUser", trigger: fake.PreSignUp, goType: new(events.CognitoEventUserPoolsPreSignup),
		fire: func(s *stage) { s.invite() }},
	{source: "PostConfirmation_ConfirmSignUp", trigger: fake.PostConfirmation, goType: new(events.CognitoEventUserPoolsPostConfirmation),
		fire: func(s *stage) { s.confirm(s.signUp()) }},
	{source: "PostConfirmation_ConfirmForgotPassword", trigger: fake.PostConfirmation, goType: new(events.CognitoEventUserPoolsPostConfirmation),
		fire: func(s *stage) {
			s.confirm(s.signUp())
			s.forget()
			s.must(s.api.ConfirmForgotPassword(s.ctx, &cip.ConfirmForgotPasswordInput{
				ClientId: &s.client, Username: aws.String("ann"), ConfirmationCode: s.code(), Password: aws.String("Another-Horse-8"), ClientMetadata: metadata,
			}))
		}},
}

var eventSources = slices.Concat(signUpSources, signInSources, messageSources, domainSources)

// TestEvents shows each change of what handlers get as a diff of a golden file, and that the types of
// aws-lambda-go take every member of it.
func TestEvents(t *testing.T) {
	for _, test := range eventSources {
		t.Run(test.source+test.version, func(t *testing.T) {
			s := newStage(t, test.settings)
			s.watch(test.trigger)
			test.fire(s)
			event := s.event(test.source)
			golden := filepath.Join("testdata", "events", test.source+test.version+".json")
			if *update {
				s.must(0, os.WriteFile(golden, indented(event), 0o644))
			}
			want, err := os.ReadFile(golden)
			s.must(0, err)
			if diff := cmp.Diff(members(t, want), members(t, event)); diff != "" {
				t.Errorf("the event differs from %s; if that is wanted, run go test ./fake -run TestEvents -update (-want +got):\n%s", golden, diff)
			}
			if test.goType != nil {
				wantTaken(t, event, test.goType, test.lacks)
			}
		})
	}
}

// TestEveryGoldenEventIsFired keeps testdata/events free of what no test compares.
func TestEveryGoldenEventIsFired(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(eventSources) {
		t.Errorf("%d golden events, and %d sources", len(files), len(eventSources))
	}
}

// wantTaken checks that a Go type has a field for every member of an event, but those that it lacks.
func wantTaken(t *testing.T, event []byte, goType any, lacks []string) {
	t.Helper()
	whole := members(t, event)
	for _, name := range lacks {
		for _, part := range []string{"request", "response"} {
			delete(whole[part].(map[string]any), name)
		}
	}
	text, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	in := json.NewDecoder(bytes.NewReader(text))
	in.DisallowUnknownFields()
	if err := in.Decode(goType); err != nil {
		t.Errorf("decoding the event as %T: %v", goType, err)
	}
}

// members decodes a JSON object.
func members(t *testing.T, text []byte) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m
}

func indented(text []byte) []byte {
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		panic(err)
	}
	return append(b.Bytes(), '\n')
}

// The ids of a stage, and what its calls give triggers.
const (
	stagePool   = "eu-west-1_AbCdEfGhI"
	stageClient = "38fjsnc484p94kpqsnet7mpld0"
)

var metadata = map[string]string{"campaign": "spring"}

// stage is a server with a pool whose triggers are watched.
type stage struct {
	t      *testing.T
	ctx    context.Context
	server *fake.Server
	api    *fake.API
	pool   string
	client string

	contact, first, second string // the attribute that messages go to, and ann's values of it
}

// newStage makes a pool that verifies addresses and numbers, and sends e-mail by Amazon SES, where
// edit says nothing else.
func newStage(t *testing.T, edit func(*cip.CreateUserPoolInput)) *stage {
	server := newServer(t, fake.Config{Seed: 1, Region: "eu-west-1", Now: func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC) }})
	server.PinIDs(stagePool, stageClient)
	s := &stage{t: t, ctx: t.Context(), server: server, api: server.API(), pool: stagePool, client: stageClient}
	s.contact, s.first, s.second = "email", "ann@example.com", "ann@example.org"
	in := cip.CreateUserPoolInput{
		PoolName:               aws.String("demo"),
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail, types.VerifiedAttributeTypePhoneNumber},
		SmsConfiguration:       &types.SmsConfigurationType{SnsCallerArn: aws.String("arn:aws:iam::123456789012:role/sms")},
		EmailConfiguration: &types.EmailConfigurationType{
			EmailSendingAccount: types.EmailSendingAccountTypeDeveloper, SourceArn: aws.String("arn:aws:ses:eu-west-1:123456789012:identity/example.com"),
		},
	}
	if edit != nil {
		edit(&in)
	}
	s.must(s.api.CreateUserPool(s.ctx, &in))
	s.must(s.api.CreateUserPoolClient(s.ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: &s.pool, ClientName: aws.String("demo"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{
			types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth, types.ExplicitAuthFlowsTypeAllowCustomAuth,
		},
	}))
	return s
}

// must ends the test where a step fails.
func (s *stage) must(_ any, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// watch makes the pool call a function that returns its event as it came.
func (s *stage) watch(source fake.TriggerSource) {
	s.must(0, s.server.HandleTrigger(s.pool, source, fake.TriggerFunc(func(_ context.Context, event json.RawMessage) (json.RawMessage, error) {
		return event, nil
	})))
}

// event returns the newest event of a source.
func (s *stage) event(source string) []byte {
	s.t.Helper()
	var newest []byte
	for _, i := range s.server.Invocations() {
		if string(i.Source) == source {
			newest = i.Event
		}
	}
	if newest == nil {
		s.t.Fatalf("%s was not fired", source)
	}
	return unsealed.ReplaceAll(newest, []byte(`"$1":"…"`))
}

// unsealed is what no seed fixes: codes that are encrypted, and tokens.
var unsealed = regexp.MustCompile(`"(code|access_token|id_token|refresh_token|at_hash)":"[^"]*"`)

// code returns the newest code to ann.
func (s *stage) code() *string {
	sent := s.server.Messages(fake.ToUser(s.pool, "ann"))
	return &sent[len(sent)-1].Code
}

// signUp signs ann up and returns the code.
func (s *stage) signUp() *string {
	s.t.Helper()
	s.must(s.api.SignUp(s.ctx, &cip.SignUpInput{
		ClientId: &s.client, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"), ClientMetadata: metadata,
		UserAttributes: attributes(s.contact, s.first, "name", "Ann"), ValidationData: attributes("captcha", "seven"),
	}))
	return s.code()
}

func (s *stage) confirm(code *string) {
	s.t.Helper()
	s.must(s.api.ConfirmSignUp(s.ctx, &cip.ConfirmSignUpInput{
		ClientId: &s.client, Username: aws.String("ann"), ConfirmationCode: code, ClientMetadata: metadata,
	}))
}

// forget sends ann the code for a new password.
func (s *stage) forget() {
	s.t.Helper()
	s.must(s.api.ForgotPassword(s.ctx, &cip.ForgotPasswordInput{ClientId: &s.client, Username: aws.String("ann"), ClientMetadata: metadata}))
}

// invite makes ann a user who gets a temporary password.
func (s *stage) invite() {
	s.t.Helper()
	s.must(s.api.AdminCreateUser(s.ctx, &cip.AdminCreateUserInput{
		UserPoolId: &s.pool, Username: aws.String("ann"), TemporaryPassword: aws.String("Temp<1>orary"), ClientMetadata: metadata,
		UserAttributes:         attributes("email", "ann@example.com", "email_verified", "true", "phone_number", "+12065550134"),
		DesiredDeliveryMediums: []types.DeliveryMediumType{types.DeliveryMediumTypeEmail, types.DeliveryMediumTypeSms},
	}))
}

// attributes makes attributes of names and values in turn.
func attributes(namesAndValues ...string) []types.AttributeType {
	var list []types.AttributeType
	for i := 0; i < len(namesAndValues); i += 2 {
		list = append(list, types.AttributeType{Name: &namesAndValues[i], Value: &namesAndValues[i+1]})
	}
	return list
}
