package fake

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// Trigger is a Lambda function: a JSON event in, a JSON answer out. It is the Handler interface of
// github.com/aws/aws-lambda-go/lambda, so that what lambda.NewHandler returns is a Trigger;
// [TriggerFunc] makes one of a function without that package.
//
// It is called while no lock of the server is held, and may call the server. It has five seconds of
// the server's time, three times. An error or a panic is answered with UserLambdaValidationException.
//
// The service calls custom senders asynchronously, and no operation fails with them. Here they are
// called, once, before the operation returns, so that a test need not wait; what they answer is
// ignored, and a failure is logged and stands in [Server.Invocations].
type Trigger = trigger.Handler

// TriggerFunc makes a Trigger of the function that is given to lambda.Start: an event as of
// github.com/aws/aws-lambda-go/events in, the same out.
func TriggerFunc[In, Out any](f func(context.Context, In) (Out, error)) Trigger {
	return trigger.Func(f)
}

// LambdaEndpoint makes a Trigger of a function that runs elsewhere, in any language, behind the invoke
// API of AWS Lambda as the runtime interface emulator, SAM or a server of the test's own serve it:
//
//	fake.LambdaEndpoint("http://127.0.0.1:9001/2015-03-31/functions/function/invocations", nil)
//
// The event is POSTed to the URL. An answer that says errorMessage is an error of the function. What does
// not answer, or answers an HTTP error, cannot be invoked: UnexpectedLambdaException. Requests are not
// signed. A nil client means [http.DefaultClient]; a client without sockets serves a synctest bubble.
func LambdaEndpoint(url string, client *http.Client) Trigger { return trigger.Endpoint(url, client) }

// TriggerSource names a trigger as LambdaConfig does. The three versions of pre token generation have
// a name each.
type TriggerSource = trigger.Name

// The triggers of user pools.
const (
	PreSignUp                   = trigger.PreSignUp
	PostConfirmation            = trigger.PostConfirmation
	PreAuthentication           = trigger.PreAuthentication
	PostAuthentication          = trigger.PostAuthentication
	PreTokenGeneration          = trigger.PreTokenGeneration // version V1_0: ID tokens only
	PreTokenGenerationV2        = trigger.PreTokenGenerationV2
	PreTokenGenerationV3        = trigger.PreTokenGenerationV3
	DefineAuthChallenge         = trigger.DefineAuthChallenge
	CreateAuthChallenge         = trigger.CreateAuthChallenge
	VerifyAuthChallengeResponse = trigger.VerifyAuthChallengeResponse
	UserMigration               = trigger.UserMigration
	CustomMessage               = trigger.CustomMessage
	CustomEmailSender           = trigger.CustomEmailSender
	CustomSMSSender             = trigger.CustomSMSSender
	InboundFederation           = trigger.InboundFederation
)

// HandleTrigger makes a pool call a function: it gives the pool's LambdaConfig an ARN and binds the
// function to it. As on the service, an UpdateUserPool without LambdaConfig ends that. Errors are a
// pool or a source that does not exist, and a source that the tier of the pool does not have.
func (s *Server) HandleTrigger(poolID string, source TriggerSource, t Trigger) error {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return err
	}
	arn := fmt.Sprintf("arn:aws:lambda:%s:%s:function:%s-%s", p.Region, s.config.AccountID, p.ID, source)
	p.Lock()
	defer p.Unlock()
	settings := *p.Settings
	settings.LambdaConfig = pool.Clone(p.Settings.LambdaConfig)
	if settings.LambdaConfig == nil {
		settings.LambdaConfig = &types.LambdaConfigType{}
	}
	if !trigger.Set(settings.LambdaConfig, source, arn) {
		return fmt.Errorf("cognitotest: no trigger is called %q; the triggers are %v", source, trigger.Names())
	}
	if source == CustomEmailSender || source == CustomSMSSender { // which need a key; see SenderKey
		key := fmt.Sprintf("arn:aws:kms:%s:%s:key/%s", p.Region, s.config.AccountID, SenderKeyName)
		settings.LambdaConfig.KMSKeyID = cmp.Or(settings.LambdaConfig.KMSKeyID, &key)
	}
	if err := pool.CheckTier(&settings); err != nil {
		return err
	}
	p.Settings = &settings
	s.functions.Bind(arn, t)
	return nil
}

// BindFunction makes a function answer for an ARN that the LambdaConfig of pools names. nil makes
// nobody answer: the pools then fail as the service does when it may not invoke the function.
func (s *Server) BindFunction(arn string, t Trigger) { s.functions.Bind(arn, t) }

// Invocation is one call of a trigger: the pool, the user, the triggerSource, the event and the
// function's whole answer as JSON, and the error that the caller of the operation got, or nil; of custom
// senders, whose failures no caller is told, the error that they made. Duration is on the server's clock. Decode reads the event into a type of
// github.com/aws/aws-lambda-go/events.
type Invocation = trigger.Invocation

// InvocationFilter says which calls of triggers are wanted.
type InvocationFilter func(Invocation) bool

// OfTrigger keeps the calls of a trigger, from all its sources. The versions of pre token generation
// are one trigger.
func OfTrigger(source TriggerSource) InvocationFilter {
	return func(i Invocation) bool { return i.Source.Trigger() == source.Member() }
}

// OfUser keeps the calls about a user of a pool, by the userName of the event.
func OfUser(poolID, username string) InvocationFilter {
	return func(i Invocation) bool { return i.PoolID == poolID && i.Username == username }
}

// Invocations returns the calls of triggers that all filters keep and that have ended, in the order in which
// they began, of the newest 10,000. A function that was called again because it did not answer in time counts once; one that
// could not be called, too.
//
//	calls := cog.Fake(t).Invocations(fake.OfTrigger(fake.PreSignUp), fake.OfUser(cog.PoolID, "ann"))
func (s *Server) Invocations(filters ...InvocationFilter) []Invocation {
	return slices.DeleteFunc(s.functions.Invocations(), func(i Invocation) bool {
		return slices.ContainsFunc(filters, func(keep InvocationFilter) bool { return !keep(i) })
	})
}
