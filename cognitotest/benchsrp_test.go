package cognitotest_test

import (
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"math/big"
	"sync/atomic"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
)

// BenchmarkSignInSRP signs in by SRP, on all processors at once, and takes the time of the server's
// two operations alone. "%bound" is how much of it nobody can save: the four modular exponentiations
// of the server and two RS256 signatures, measured in turn with the sign-ins. With -cpu 1,2 the ratio
// of ns/op shows that no lock is held during the arithmetic.
func BenchmarkSignInSRP(b *testing.B) {
	p := cognitotest.New(b)
	u := p.NewUser(b)
	u.Tokens(b) // makes the keys
	var server, bound atomic.Int64
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		least := newBound(b)
		for pb.Next() {
			server.Add(int64(signInSRP(b, p, u)))
			bound.Add(int64(least.run(b)))
		}
	})
	b.ReportMetric(100*float64(bound.Load())/float64(server.Load()), "%bound")
	b.ReportMetric(float64(server.Load())/float64(b.N), "server-ns/op")
}

// signInSRP returns the time that the server took.
func signInSRP(b *testing.B, p *cognitotest.Provider, u *cognitotest.User) time.Duration {
	api, client := p.Fake(b).API(), srpclient.New(p.PoolID)
	began := time.Now()
	first, err := api.InitiateAuth(context.Background(), &cip.InitiateAuthInput{
		ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeUserSrpAuth,
		AuthParameters: map[string]string{"USERNAME": u.Username, "SRP_A": client.Public()},
	})
	took := time.Since(began)
	if err != nil {
		b.Fatal(err)
	}
	proof, err := client.Answer(first.ChallengeParameters, u.Password, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	began = time.Now()
	_, err = api.RespondToAuthChallenge(context.Background(), &cip.RespondToAuthChallengeInput{
		ClientId: &p.ClientID, ChallengeName: first.ChallengeName, ChallengeResponses: proof,
	})
	if err != nil {
		b.Fatal(err)
	}
	return took + time.Since(began)
}

// leastWork is the arithmetic that a sign-in by SRP cannot do without.
type leastWork struct {
	key                   *rsa.PrivateKey
	base, exponent, prime *big.Int
}

func newBound(b *testing.B) leastWork {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		b.Fatal(err)
	}
	random := func(bits int) *big.Int {
		n := make([]byte, bits/8)
		rand.Read(n) // never fails: see crypto/rand
		return new(big.Int).SetBit(new(big.Int).SetBytes(n), bits-1, 1)
	}
	return leastWork{key, random(3071), random(256), new(big.Int).SetBit(random(3072), 0, 1)}
}

// run does the work once: two powers of the generator, two of numbers as long as the prime, and two
// signatures.
func (l leastWork) run(b *testing.B) time.Duration {
	digest := sha256.Sum256([]byte("token"))
	began := time.Now()
	for _, base := range []*big.Int{big.NewInt(2), big.NewInt(2), l.base, l.base} {
		new(big.Int).Exp(base, l.exponent, l.prime)
	}
	for range 2 {
		if _, err := rsa.SignPKCS1v15(nil, l.key, crypto.SHA256, digest[:]); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(began)
}
