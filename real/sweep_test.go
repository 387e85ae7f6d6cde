package real_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/real"
)

// lookAlikes are names and descriptions of others that are almost marks.
var lookAlikes = []string{
	"cognitotest", "cognitotest-", "cognitotest-admin", "cognitotest-ann-1", "cognitotest-t9xk2w-k3n8x2pd-000000",
	"cognitotest-t9xk2w-k3n8x2pd", "Cognitotest-t9xk2w-k3n8x2pd-9c1f0a", "x-cognitotest-t9xk2w-k3n8x2pd-9c1f0a",
}

// settle makes a pool of somebody else's with many users and groups, some of which look like those of tests.
func (a *account) settle(t *testing.T) (poolID string) {
	t.Helper()
	ctx, api := t.Context(), a.API()
	poolID = a.theirPool(t)
	for i := range 1000 {
		name := fmt.Sprintf("user-%d", i)
		if i < len(lookAlikes) {
			name = lookAlikes[i]
		}
		_, err := api.AdminCreateUser(ctx, &cip.AdminCreateUserInput{
			UserPoolId: &poolID, Username: &name, MessageAction: types.MessageActionTypeSuppress,
			UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String(name + "@example.com")}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := api.CreateGroup(ctx, &cip.CreateGroupInput{UserPoolId: &poolID, GroupName: &name, Description: &name}); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range lookAlikes {
		if _, err := api.CreateUserPoolClient(ctx, &cip.CreateUserPoolClientInput{UserPoolId: &poolID, ClientName: &name}); err != nil {
			t.Fatal(err)
		}
		if _, err := api.CreateUserPool(ctx, &cip.CreateUserPoolInput{PoolName: &name, UserPoolTags: map[string]string{cognitotest.MarkTag: name}}); err != nil {
			t.Fatal(err)
		}
	}
	return poolID
}

// TestMain lets a process be the child of a test.
func TestMain(m *testing.M) {
	switch os.Getenv("REAL_TEST_CHILD") {
	case "killed":
		os.Args = append(os.Args[:1], "-test.run=^TestChildRun$", "-test.v")
	case "failing":
		os.Args = append(os.Args[:1], "-test.run=^TestFailingChild$", "-test.v")
	}
	os.Exit(m.Run())
}

// TestChildRun is a test run that ends in the midst of its work.
func TestChildRun(t *testing.T) {
	if os.Getenv("REAL_TEST_CHILD") != "killed" {
		t.Skip("is run by TestKilledRuns, in a process of its own")
	}
	for i := 0; ; i++ {
		cog := cognitotest.New(t, real.FromEnv())
		cog.NewUser(t, cognitotest.Groups(fmt.Sprintf("testers-%d-%d", os.Getpid(), i)))
		cog.NewAppClient(t)
		fmt.Println("made")
	}
}

// killedRun runs tests on the account and kills their process after some have made what they need.
func (a *account) killedRun(t *testing.T, poolID string, after int) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "REAL_TEST_CHILD=killed", "COGNITOTEST_REAL=1", "COGNITOTEST_POOL_ID="+poolID,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+*a.config.BaseEndpoint, "AWS_REGION="+a.config.Region,
		"AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=")
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for made := 0; made < after && lines.Scan(); {
		if lines.Text() == "made" {
			made++
		}
	}
	child.Process.Kill()
	io.Copy(io.Discard, out)
	child.Wait()
}

// TestKilledRuns sweeps what killed runs have left in an account where others have much, some of it with
// names that look alike: exactly that goes.
func TestKilledRuns(t *testing.T) {
	a := newAccount(t)
	poolID := a.settle(t)
	before := a.state(t)
	a.killedRun(t, "", 2)
	a.killedRun(t, poolID, 2)
	during := a.state(t)
	if strings.Count(during, "testers-") < 4 {
		t.Fatalf("the killed runs have left too little: %d groups", strings.Count(during, "testers-"))
	}
	c := real.Config{AWS: &a.config, PoolID: poolID, Rates: quick()}

	young, err := real.Sweep(t.Context(), c, time.Hour)
	if err != nil || len(young.Removed) > 0 {
		t.Errorf("Sweep of what is older than an hour = %v, %v; want nothing", young, err)
	}
	found, err := real.Leftovers(t.Context(), c, 0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(during, a.state(t)); diff != "" {
		t.Errorf("looking has changed the account (-before +after):\n%s", diff)
	}
	swept, err := real.Sweep(t.Context(), c, 0)
	if err != nil || len(swept.Left) > 0 {
		t.Errorf("Sweep = %v, %v; want nothing left", swept.Left, err)
	}
	if diff := cmp.Diff(found, swept.Removed); diff != "" {
		t.Errorf("what was found and what was removed (-found +removed):\n%s", diff)
	}
	kinds := map[real.Kind]int{}
	for _, l := range swept.Removed {
		kinds[l.Kind]++
	}
	for _, kind := range []real.Kind{real.UserKind, real.GroupKind, real.AppClientKind, real.PoolKind} {
		if kinds[kind] < 2 {
			t.Errorf("%d of kind %q were removed, want two or more", kinds[kind], kind)
		}
	}
	if diff := cmp.Diff(before, a.state(t)); diff != "" {
		t.Errorf("the account (-before +after):\n%s", diff)
	}
}

// TestSweepKeeps leaves pools that bear a mark where something speaks against it.
func TestSweepKeeps(t *testing.T) {
	a := newAccount(t)
	mark := a.newMark(t)
	for _, pool := range []struct {
		why string
		in  cip.CreateUserPoolInput
	}{
		{"no tag", cip.CreateUserPoolInput{PoolName: &mark}},
		{"another's tag", cip.CreateUserPoolInput{PoolName: &mark, UserPoolTags: map[string]string{cognitotest.MarkTag: a.newMark(t)}}},
		{"deletion protection", cip.CreateUserPoolInput{
			PoolName: &mark, UserPoolTags: map[string]string{cognitotest.MarkTag: mark}, DeletionProtection: types.DeletionProtectionTypeActive,
		}},
	} {
		if _, err := a.API().CreateUserPool(t.Context(), &pool.in); err != nil {
			t.Fatalf("%s: %v", pool.why, err)
		}
	}
	before := a.state(t)
	swept, err := real.Sweep(t.Context(), real.Config{AWS: &a.config, Rates: quick()}, 0)
	if err != nil || len(swept.Removed) > 0 {
		t.Errorf("Sweep = %v, %v; want nothing", swept.Removed, err)
	}
	if diff := cmp.Diff(before, a.state(t)); diff != "" {
		t.Errorf("the account (-before +after):\n%s", diff)
	}
}

// TestSweepOfDomains removes a pool that has a domain, and no domain of others.
func TestSweepOfDomains(t *testing.T) {
	a := newAccount(t)
	mark := a.newMark(t)
	theirs := a.theirPool(t)
	own, err := a.API().CreateUserPool(t.Context(), &cip.CreateUserPoolInput{PoolName: &mark, UserPoolTags: map[string]string{cognitotest.MarkTag: mark}})
	if err != nil {
		t.Fatal(err)
	}
	for poolID, prefix := range map[string]string{theirs: "login", *own.UserPool.Id: "other"} {
		if _, err := a.API().CreateUserPoolDomain(t.Context(), &cip.CreateUserPoolDomainInput{UserPoolId: &poolID, Domain: &prefix}); err != nil {
			t.Fatal(err)
		}
	}
	swept, err := real.Sweep(t.Context(), real.Config{AWS: &a.config, PoolID: theirs, Rates: quick()}, -time.Minute)
	if err != nil || len(swept.Removed) != 1 {
		t.Errorf("Sweep = %v, %v; want a pool", swept.Removed, err)
	}
	out, err := a.API().DescribeUserPool(t.Context(), &cip.DescribeUserPoolInput{UserPoolId: &theirs})
	if err != nil || aws.ToString(out.UserPool.Domain) != "login" || a.pools(t) != 1 {
		t.Errorf("their pool has domain %v (%v), and there are %d pools", out.UserPool.Domain, err, a.pools(t))
	}
}

// newMark returns a mark, as tests on the account make it.
func (a *account) newMark(t *testing.T) string {
	t.Helper()
	b, err := real.New(t.Context(), real.Config{AWS: &a.config, Rates: quick()})
	if err != nil {
		t.Fatal(err)
	}
	return b.Rules().Mark()
}

// TestSweepGoesOn removes the rest where something cannot be removed, and names it.
func TestSweepGoesOn(t *testing.T) {
	a := newAccount(t)
	a.killedRun(t, "", 3)
	out, err := a.API().ListUserPools(context.Background(), &cip.ListUserPoolsInput{MaxResults: aws.Int32(60)})
	if err != nil {
		t.Fatal(err)
	}
	kept := *out.UserPools[0].Id
	a.deny("DeleteUserPool", kept)
	swept, err := real.Sweep(t.Context(), real.Config{AWS: &a.config, Rates: quick()}, 0)
	if len(swept.Left) != 1 || swept.Left[0].ID != kept || err == nil || !strings.Contains(err.Error(), kept) {
		t.Errorf("Left = %v, error %v; want pool %s", swept.Left, err, kept)
	}
	if n := a.pools(t); n != 1 {
		t.Errorf("%d pools, want the one that cannot be deleted", n)
	}
}
