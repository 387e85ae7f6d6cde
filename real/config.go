package real

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/config"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// Config says where tests run, and as whom. The zero value makes pools with the SDK's default configuration.
type Config struct {
	// AWS is the configuration of SDK clients; nil is the SDK's default chain.
	AWS *aws.Config
	// PoolID is a pool that exists, such as eu-central-1_AbCdEfGhI, in which tests are guests: they make
	// users, groups and app clients there. "" lets each provider make a pool, and delete it.
	PoolID string
	// ClientID is an app client of PoolID for tests that ask for no settings of their own; "" lets each
	// provider make one.
	ClientID string
	// KeepOnFailure leaves what a failed test has made, and prints what it is.
	KeepOnFailure bool
	// Rates are calls a second that replace the documented default of their category, as for an account
	// with other quotas, or one that tests share with others. The first provider of a region sets them
	// for the process.
	Rates map[fake.Category]float64
	// MaxPause is the longest pause before a call is repeated; 0 is five seconds.
	MaxPause time.Duration
	// Logf receives the progress of what takes long: sweeps, and waits for the account's rates. The first
	// provider of a region sets it for the waits of the process. nil discards.
	Logf func(format string, args ...any)

	mistake error // of the environment
}

// FromEnv runs a test on AWS where COGNITOTEST_REAL is set to anything, and on the fake otherwise. See the
// package comment for the environment.
func FromEnv() cognitotest.Option {
	if os.Getenv("COGNITOTEST_REAL") == "" {
		return cognitotest.WithBackendFrom(nil)
	}
	return cognitotest.WithBackendFrom(func(ctx context.Context) (cognitotest.Backend, error) {
		b, err := New(ctx, ConfigFromEnv())
		if err != nil {
			return nil, err
		}
		return b, nil
	})
}

// ConfigFromEnv is the configuration that the environment asks for, whether or not it has COGNITOTEST_REAL.
// Progress goes to the standard error, where it is seen before a test has ended.
func ConfigFromEnv() Config {
	rates, err := ratesFromEnv()
	return Config{
		PoolID:        os.Getenv("COGNITOTEST_POOL_ID"),
		ClientID:      os.Getenv("COGNITOTEST_CLIENT_ID"),
		KeepOnFailure: os.Getenv("COGNITOTEST_KEEP_ON_FAILURE") != "",
		Rates:         rates,
		Logf:          func(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) },
		mistake:       err,
	}
}

// ratesFromEnv returns the default rates, each so many times as COGNITOTEST_RATES says, or nil.
func ratesFromEnv() (map[fake.Category]float64, error) {
	text := os.Getenv("COGNITOTEST_RATES")
	if text == "" {
		return nil, nil
	}
	times, err := strconv.ParseFloat(text, 64)
	if err != nil || !(times > 0 && times <= 1e6) {
		return nil, fmt.Errorf("real: COGNITOTEST_RATES is %q; set it to how many times the default rates of AWS this process may have, such as 0.5", text)
	}
	rates := maps.Clone(defaultRates)
	for category := range rates {
		rates[category] *= times
	}
	return rates, nil
}

// process is what the providers of this process share, because the account's limits are shared by them and
// finding credentials can take a call to AWS: configurations by environment, and budgets by region.
var process = &shared{configs: map[string]aws.Config{}, limiters: map[string]*limiter{}}

type shared struct {
	mu       sync.Mutex // guards all
	configs  map[string]aws.Config
	limiters map[string]*limiter
}

// prepareTime is how long finding credentials and the first call may take.
const prepareTime = 8 * time.Second

// A call is sent so often at most, with pauses of at most so long. Where a quarter of the calls fail, one in a
// thousand million is given up.
const (
	attempts = 15
	maxPause = 5 * time.Second
)

// load returns the SDK's default configuration, with credentials that were found, once for each
// environment.
func (s *shared) load(ctx context.Context) (aws.Config, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { return !strings.HasPrefix(v, "AWS_") })
	slices.Sort(env)
	key := strings.Join(env, "\n")
	if c, ok := s.configs[key]; ok {
		return c, nil
	}
	c, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return c, fmt.Errorf("real: the AWS configuration cannot be read; check AWS_PROFILE and ~/.aws/config: %w", err)
	}
	if err := check(ctx, c); err != nil {
		return c, err
	}
	s.configs[key] = c
	return c, nil
}

// check refuses a configuration that cannot sign a call.
func check(ctx context.Context, c aws.Config) error {
	if c.Region == "" {
		return errors.New("real: no AWS region is configured; set AWS_REGION, such as AWS_REGION=eu-central-1")
	}
	if c.Credentials == nil {
		return errNoCredentials
	}
	if _, err := c.Credentials.Retrieve(ctx); err != nil {
		return fmt.Errorf("%w: %w", errNoCredentials, err)
	}
	return nil
}

var errNoCredentials = errors.New("real: no AWS credentials were found; sign in with aws login or aws sso login, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")

// limiter returns the budget of a region.
func (s *shared) limiter(region string, c Config) *limiter {
	s.mu.Lock()
	defer s.mu.Unlock()
	l, ok := s.limiters[region]
	if !ok {
		l = newLimiter(c.Rates, c.Logf)
		s.limiters[region] = l
	}
	return l
}

// load returns the configuration that c begins with.
func (c Config) load(ctx context.Context) (aws.Config, error) {
	if c.AWS != nil {
		return c.AWS.Copy(), check(ctx, *c.AWS)
	}
	conf, err := process.load(ctx)
	return conf.Copy(), err
}

// connect completes the configuration of SDK clients: the shared budget, and repetitions.
func connect(ctx context.Context, c Config) (aws.Config, error) {
	if c.mistake != nil {
		return aws.Config{}, c.mistake
	}
	conf, err := c.load(ctx)
	if err != nil {
		return conf, err
	}
	if region, _, _ := strings.Cut(c.PoolID, "_"); c.PoolID != "" && region != conf.Region {
		return conf, fmt.Errorf("real: pool %s is in region %s, but the AWS configuration names %s; set AWS_REGION=%s", c.PoolID, region, conf.Region, region)
	}
	conf.APIOptions = append(slices.Clone(conf.APIOptions), process.limiter(conf.Region, c).register)
	conf.Retryer = func() aws.Retryer { return retrying(attempts, cmp.Or(c.MaxPause, maxPause)) }
	return conf, nil
}

// retrying repeats what is throttled or broken, after pauses that double and are random.
func retrying(attempts int, maxPause time.Duration) aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = attempts
		o.MaxBackoff = maxPause
		o.RateLimiter = ratelimit.None // the budget of the process is the limiter
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(isRetryable)}, o.Retryables...)
	})
}

// isRetryable says what the SDK takes for something else: an answer that broke off may come whole, but a full
// account has no room a moment later, nor has a user more attempts.
func isRetryable(err error) aws.Ternary {
	switch {
	case codeOf(err) == (&types.LimitExceededException{}).ErrorCode():
		return aws.FalseTernary
	case errors.Is(err, io.ErrUnexpectedEOF):
		return aws.TrueTernary
	}
	return aws.UnknownTernary
}

// impatient returns an SDK client that gives up soon.
func impatient(c aws.Config) *cip.Client {
	c.Retryer = func() aws.Retryer { return retrying(3, time.Second) }
	return cip.NewFromConfig(c)
}
