package cognitotest_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/jwks"
)

// scope is a test whose end the benchmark decides.
type scope struct {
	testing.TB
	cleanups []func()
}

func (s *scope) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

func (s *scope) end() {
	for i := len(s.cleanups) - 1; i >= 0; i-- {
		s.cleanups[i]()
	}
}

// BenchmarkNew makes a pool and a client and closes them. No token is made.
func BenchmarkNew(b *testing.B) {
	for name, opts := range map[string][]cognitotest.Option{"loopback": nil, "memory": {cognitotest.InMemory()}} {
		b.Run(name, func(b *testing.B) {
			warm(b)
			for b.Loop() {
				s := &scope{TB: b}
				cognitotest.New(s, opts...)
				s.end()
			}
		})
	}
}

// warm makes the keys that the process's first test makes.
func warm(b *testing.B) {
	s := &scope{TB: b}
	defer s.end()
	cognitotest.New(s).NewUser(s).Tokens(s)
}

// BenchmarkFirstToken is a whole test: a pool, a user, a token, verified through the JWKS.
func BenchmarkFirstToken(b *testing.B) {
	warm(b)
	for b.Loop() {
		s := &scope{TB: b}
		p := cognitotest.New(s)
		token := p.NewUser(s).AccessToken(s)
		keys, err := jwks.Fetch(context.Background(), p.HTTPClient(), p.JWKSURL)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := jwt.Parse(token, keys.Keyfunc, jwt.WithIssuer(p.Issuer)); err != nil {
			b.Fatal(err)
		}
		s.end()
	}
}

// BenchmarkSignIn compares sign-ins, on all processors at once, with the two RS256 signatures that
// each needs: "bound" is what no implementation can beat.
func BenchmarkSignIn(b *testing.B) {
	b.Run("bound", func(b *testing.B) {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			b.Fatal(err)
		}
		digest := sha256.Sum256([]byte("token"))
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				for range 2 {
					if _, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:]); err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	})
	p := cognitotest.New(b)
	u := p.NewUser(b)
	in := &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password},
	}
	b.Run("operation", func(b *testing.B) {
		api := p.Fake(b).API()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := api.InitiateAuth(context.Background(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("server", func(b *testing.B) {
		body := fmt.Sprintf(`{"ClientId":%q,"AuthFlow":"USER_PASSWORD_AUTH","AuthParameters":{"USERNAME":%q,"PASSWORD":%q}}`, p.ClientID, u.Username, u.Password)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				r, _ := http.NewRequest("POST", "http://any.host/", strings.NewReader(body))
				r.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService.InitiateAuth")
				r.Header.Set("Content-Type", "application/x-amz-json-1.1")
				if w, err := p.Fake(b).RoundTrip(r); err != nil || w.StatusCode != http.StatusOK {
					b.Fatal(w, err)
				}
			}
		})
	})
	b.Run("client", func(b *testing.B) {
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := p.Client().InitiateAuth(context.Background(), in); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkThousandPools makes a thousand pools in one server.
func BenchmarkThousandPools(b *testing.B) {
	for b.Loop() {
		s := fake.NewServer(fake.Config{})
		for range 1000 {
			if _, err := s.API().CreateUserPool(context.Background(), &cip.CreateUserPoolInput{PoolName: aws.String("demo")}); err != nil {
				b.Fatal(err)
			}
		}
		s.Close()
	}
}
