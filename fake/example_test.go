package fake_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/fake"
)

// demo makes a pool that verifies e-mail addresses, and a client that signs users in by password.
func demo(s *fake.Server) (poolID, clientID string) {
	ctx := context.Background()
	s.PinIDs("us-east-1_AbCdEfGhI", "38fjsnc484p94kpqsnet7mpld0")
	p, err := s.API().CreateUserPool(ctx, &cip.CreateUserPoolInput{
		PoolName:               aws.String("demo"),
		AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
	})
	if err != nil {
		panic(err)
	}
	c, err := s.API().CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{
		UserPoolId: p.UserPool.Id, ClientName: aws.String("demo"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth},
	})
	if err != nil {
		panic(err)
	}
	return *p.UserPool.Id, *c.UserPoolClient.ClientId
}

// signUp signs ann up.
func signUp(s *fake.Server, clientID string) {
	_, err := s.API().SignUp(context.Background(), &cip.SignUpInput{
		ClientId: &clientID, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("ann@example.com")}},
	})
	if err != nil {
		panic(err)
	}
}

// signIn makes ann and returns an access token of hers.
func signIn(s *fake.Server, poolID, clientID string) string {
	ctx, name, password := context.Background(), aws.String("ann"), "Correct-Horse-7"
	signUp(s, clientID)
	_, err := s.API().AdminConfirmSignUp(ctx, &cip.AdminConfirmSignUpInput{UserPoolId: &poolID, Username: name})
	if err != nil {
		panic(err)
	}
	out, err := s.API().InitiateAuth(ctx, &cip.InitiateAuthInput{
		ClientId: &clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": *name, "PASSWORD": password},
	})
	if err != nil {
		panic(err)
	}
	return *out.AuthenticationResult.AccessToken
}

// A server is an http.RoundTripper that answers for the service's host names.
func ExampleServer_RoundTrip() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	poolID, _ := demo(s)

	client := &http.Client{Transport: s}
	r, err := client.Get("https://cognito-idp.us-east-1.amazonaws.com/" + poolID + "/.well-known/jwks.json")
	if err != nil {
		panic(err)
	}
	fmt.Println(r.Status, r.Header.Get("Content-Type"))
	// Output: 200 OK application/json
}

// Without HTTP, the operations are Go methods with the SDK's types.
func ExampleServer_API() {
	s := fake.NewServer(fake.Config{Region: "eu-central-1"})
	defer s.Close()

	p, err := s.API().CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("demo")})
	if err != nil {
		panic(err)
	}
	fmt.Println(*p.UserPool.Name, p.UserPool.UserPoolTier, (*p.UserPool.Id)[:13])
	// Output: demo ESSENTIALS eu-central-1_
}

func ExampleServer_Messages() {
	s := fake.NewServer(fake.Config{Seed: 1})
	defer s.Close()
	poolID, clientID := demo(s)
	signUp(s, clientID)

	for _, m := range s.Messages(fake.ToUser(poolID, "ann")) {
		fmt.Println(m.Medium, m.To, m.Subject, m.Trigger, len(m.Code))
	}
	// Output: EMAIL ann@example.com Your verification code CustomMessage_SignUp 6
}

func ExampleServer_Advance() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	poolID, clientID := demo(s)
	signUp(s, clientID)
	code := s.Messages(fake.ToUser(poolID, "ann"))[0].Code

	s.Advance(25 * time.Hour)
	_, err := s.API().ConfirmSignUp(context.Background(), &cip.ConfirmSignUpInput{
		ClientId: &clientID, Username: aws.String("ann"), ConfirmationCode: &code,
	})
	var expired *types.ExpiredCodeException
	fmt.Println(errors.As(err, &expired), *expired.Message)
	// Output: true Invalid code provided, please request a code again.
}

// On a frozen clock, timestamps are known beforehand.
func ExampleServer_Freeze() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	s.Freeze(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	_, clientID := demo(s)

	s.Advance(time.Minute)
	signUp(s, clientID)
	fmt.Println(s.Messages()[0].At)
	// Output: 2026-01-02 03:05:05 +0000 UTC
}

// sdk returns a client of the SDK that reaches a server in memory, for operations without a signature.
func sdk(s *fake.Server) *cip.Client {
	return cip.New(cip.Options{Region: "us-east-1", HTTPClient: &http.Client{Transport: s}})
}

// The SDK repeats a call whose answer was lost. The service has signed ann up by then.
func ExampleServer_Inject() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	_, clientID := demo(s)
	s.Inject(fake.Fault{Operations: []string{"SignUp"}, Times: 1, Err: fake.CutAfter})

	_, err := sdk(s).SignUp(context.Background(), &cip.SignUpInput{ClientId: &clientID, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7")})
	var exists *types.UsernameExistsException
	fmt.Println(errors.As(err, &exists))
	for _, c := range s.Calls("SignUp") {
		fmt.Println(c.Username, c.Err)
	}
	// Output:
	// true
	// ann connection cut after the effect
	// ann UsernameExistsException: User already exists
}

// Passwords and other secrets are masked, however a call is printed.
func ExampleServer_Calls() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	s.Freeze(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	_, clientID := demo(s)

	sdk(s).SignUp(context.Background(), &cip.SignUpInput{ClientId: &clientID, Username: aws.String("ann"), Password: aws.String("short")})
	call := s.Calls("SignUp")[0]
	fmt.Println(call)
	fmt.Println(*call.Input.(*cip.SignUpInput).Password)
	// Output:
	// 2026-01-02T03:04:05Z SignUp by ann {"ClientId":"38fjsnc484p94kpqsnet7mpld0","Password":"***","Username":"ann"} -> InvalidPasswordException: Password did not conform with policy: Password not long enough
	// short
}

// One sign-up a second, on the server's clock.
func ExampleServer_Throttle() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	_, clientID := demo(s)
	s.Freeze(s.Now())
	if err := s.Throttle(fake.UserCreation, 1); err != nil {
		panic(err)
	}

	once := func(o *cip.Options) { o.RetryMaxAttempts = 1 }
	for _, name := range []string{"ann", "bob", "cat"} {
		_, err := sdk(s).SignUp(context.Background(), &cip.SignUpInput{ClientId: &clientID, Username: &name, Password: aws.String("Correct-Horse-7")}, once)
		var limited *types.TooManyRequestsException
		fmt.Println(name, errors.As(err, &limited))
		if limited != nil {
			s.Advance(time.Second)
		}
	}
	// Output:
	// ann false
	// bob true
	// cat false
}

// A function in another language is reached by the invoke API of AWS Lambda, as its runtime interface
// emulator serves it. This one lets nobody sign up.
func ExampleLambdaEndpoint() {
	emulator := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `{"errorMessage":"come back on Monday","errorType":"Closed"}`)
	}))
	defer emulator.Close()
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	poolID, clientID := demo(s)
	if err := s.HandleTrigger(poolID, fake.PreSignUp, fake.LambdaEndpoint(emulator.URL, nil)); err != nil {
		panic(err)
	}

	_, err := s.API().SignUp(context.Background(), &cip.SignUpInput{ClientId: &clientID, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7")})
	fmt.Println(err)
	for _, call := range s.Invocations(fake.OfTrigger(fake.PreSignUp)) {
		fmt.Println(call.Source, call.Username)
	}
	// Output:
	// UserLambdaValidationException: PreSignUp failed with error come back on Monday.
	// PreSignUp_SignUp ann
}

// A test that needs a state twice goes back to it.
func ExampleServer_Restore() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	_, clientID := demo(s)
	empty := s.Snapshot()
	for range 2 {
		signUp(s, clientID) // which fails for a name that is taken
		fmt.Println(len(s.Messages()), "message")
		s.Restore(empty)
	}
	// Output:
	// 1 message
	// 1 message
}

// Two servers go their own ways from the same state.
func ExampleServer_Fork() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	_, clientID := demo(s)
	fork := s.Fork()
	defer fork.Close()
	signUp(fork, clientID)
	fmt.Println(len(s.Messages()), len(fork.Messages()))
	// Output: 0 1
}

// The same seed makes the same ids and codes. Keys are always random.
func ExampleConfig_seed() {
	var codes []string
	for range 2 {
		s := fake.NewServer(fake.Config{Seed: 7})
		_, clientID := demo(s)
		signUp(s, clientID)
		codes = append(codes, s.Messages()[0].Code)
		s.Close()
	}
	fmt.Println(codes[0] == codes[1])
	// Output: true
}

// A genuine token is the pattern of a wrong one, which only its claims give away.
func ExampleServer_Forge() {
	s := fake.NewServer(fake.Config{})
	defer s.Close()
	poolID, clientID := demo(s)
	token := signIn(s, poolID, clientID)
	expired, err := s.Forge(token, func(f *fake.Forgery) { f.Claims["exp"] = s.Now().Add(-time.Second).Unix() })
	if err != nil {
		fmt.Println(err)
		return
	}
	keys, _ := s.Keys(poolID)
	_, err = jwt.Parse(expired, keys.Keyfunc)
	fmt.Println(err)
	// Output: token has invalid claims: token is expired
}
