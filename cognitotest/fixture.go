package cognitotest

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"

	"github.com/cognitotest/cognito/fake"
)

// Fixture makes the fake begin with the state of a JSON file, such as testdata/users.json, in the format of
// fake.Server.Import:
//
//	{
//	  "version": 1,
//	  "pools": [{
//	    "groups": [{"name": "admins"}],
//	    "users": [{"username": "ann", "password": "Correct-Horse-7", "groups": ["admins"]}]
//	  }]
//	}
//
// The provider's pool is the first of the file, and its app client the first of that pool; a pool without
// one gets one of [WithAppClient]. What the settings of a pool are, the file alone says. [Provider.User]
// returns handles on the users, which know their passwords and authenticators; it leaves these users where
// they are at the end of a test. A real pool takes no fixtures: there [New] skips the test, and [Start] fails.
func Fixture(path string) Option {
	return optionFunc(func(c *config) { c.fixture = &fixture{path: path} })
}

// fixture is a file with a state, and what the provider has to know of it.
type fixture struct {
	path string
	text []byte

	poolID, clientID string // the provider's; no clientID where the file has no app client

	first struct {
		ID, Region string
		Clients    []struct{ ID string }
		Users      []credentials
	}
}

// credentials are how a user of a fixture signs in.
type credentials struct {
	Username, Sub, Password string
	TOTP                    struct{ Secret string }
}

// open reads the file, and chooses the ids that it leaves open.
func (f *fixture) open(c *config) (err error) {
	if c.mfa != nil || c.relyingParty != "" || !reflect.ValueOf(c.pool).IsZero() {
		return errors.New("the settings of the pool stand in the file: leave WithPool, WithMFA and WithPasskeys out")
	}
	if f.text, err = os.ReadFile(f.path); err != nil {
		return err
	}
	var document struct{ Pools []json.RawMessage }
	if json.Unmarshal(f.text, &document) == nil && len(document.Pools) > 0 {
		json.Unmarshal(document.Pools[0], &f.first) // Import tells what is wrong
	}
	region, _, named := strings.Cut(f.first.ID, "_")
	if region = cmp.Or(f.first.Region, region); c.region != "" && named && region != c.region {
		return fmt.Errorf("the pool stands in %s: leave the region %s out", region, c.region)
	}
	c.region = cmp.Or(c.region, region, fake.DefaultRegion)
	if f.poolID = f.first.ID; f.poolID == "" {
		c.poolID = cmp.Or(c.poolID, c.region+"_"+rand.Text()[:9])
		f.poolID = c.poolID
	}
	if len(f.first.Clients) > 0 {
		return f.openClient(c)
	}
	return nil
}

func (f *fixture) openClient(c *config) error {
	if c.secret || !reflect.ValueOf(c.client).IsZero() {
		return errors.New("the app client stands in the file: leave WithAppClient and WithClientSecret out")
	}
	if f.clientID = f.first.Clients[0].ID; f.clientID == "" {
		c.clientID = cmp.Or(c.clientID, strings.ToLower(rand.Text()))
		f.clientID = c.clientID
	}
	return nil
}

// load takes the pool and, if the file has one, the app client from the fixture.
func (p *Provider) load(ctx context.Context, c *config) error {
	server := p.fake()
	if server == nil {
		return unfit{errors.New("a real pool takes no Fixture: its users have to be made")}
	}
	if err := server.Import(bytes.NewReader(c.fixture.text)); err != nil {
		return fmt.Errorf("fixture %s: %w", c.fixture.path, err)
	}
	out, err := p.client.DescribeUserPool(ctx, &cip.DescribeUserPoolInput{UserPoolId: &c.fixture.poolID})
	if err != nil {
		return fmt.Errorf("fixture %s: there is no pool in it", c.fixture.path)
	}
	p.pool, p.PoolID = out.UserPool, c.fixture.poolID
	p.known = map[string]credentials{}
	for _, u := range c.fixture.first.Users {
		p.known[cmp.Or(u.Username, u.Sub)], p.known[cmp.Or(u.Sub, u.Username)] = u, u
	}
	return p.handleTriggers(c.triggers)
}

// remember tells a handle what the fixture says of the user whom it was asked for by a name.
func (p *Provider) remember(u *User, name string) (known bool) {
	c, known := p.known[name]
	if !known {
		c, known = p.known[u.Username]
	}
	u.Password, u.totp.secret = c.Password, c.TOTP.Secret
	return known
}
