package backendtest

import (
	"regexp"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
)

// ownSecret is a client secret that a test chose.
const ownSecret = "chosen+by+the+test+0123456789"

// addSecret gives the provider's app client a secret, generated where chosen is nil. The SDK would
// try again, and wait, where the client has too many.
func addSecret(p *cognitotest.Provider, chosen *string) (*types.ClientSecretDescriptorType, error) {
	out, err := p.Client().AddUserPoolClientSecret(ctx, &cip.AddUserPoolClientSecretInput{UserPoolId: &p.PoolID, ClientId: &p.ClientID, ClientSecret: chosen}, once)
	if err != nil {
		return nil, err
	}
	return out.ClientSecretDescriptor, nil
}

// deleteSecret takes a secret from the provider's app client.
func deleteSecret(p *cognitotest.Provider, id *string) error {
	return fail(p.Client().DeleteUserPoolClientSecret(ctx, &cip.DeleteUserPoolClientSecretInput{UserPoolId: &p.PoolID, ClientId: &p.ClientID, ClientSecretId: id}))
}

// listSecrets answers the secrets of the provider's app client.
func listSecrets(t *testing.T, p *cognitotest.Provider) []types.ClientSecretDescriptorType {
	t.Helper()
	out, err := p.Client().ListUserPoolClientSecrets(ctx, &cip.ListUserPoolClientSecretsInput{UserPoolId: &p.PoolID, ClientId: &p.ClientID})
	need(t, err)
	if out.NextToken != nil {
		t.Errorf("a page token: %s", *out.NextToken)
	}
	return out.ClientSecrets
}

// signInWith signs a user in with a SECRET_HASH made of a secret.
func signInWith(p *cognitotest.Provider, u *cognitotest.User, secret string) error {
	q := cognitotest.Provider{ClientID: p.ClientID, ClientSecret: secret}
	params := map[string]string{"USERNAME": u.Username, "PASSWORD": u.Password}
	return fail(initiate(p, types.AuthFlowTypeUserPasswordAuth, q.SecretHash(u.Username), params))
}

var clientSecrets = []Behaviour{
	{"a generated secret is shown by every description of the client and by no list", func(t *testing.T, start Start) {
		p := start(t)
		made, err := createClient(p, cip.CreateUserPoolClientInput{GenerateSecret: true})
		need(t, err)
		secret := aws.ToString(made.ClientSecret)
		if !regexp.MustCompile(`^[\w+]{24,64}$`).MatchString(secret) {
			t.Errorf("secret = %q, want 24 to 64 of the service's characters", secret)
		}
		updated, err := updateClient(p, made.ClientId, cip.UpdateUserPoolClientInput{})
		need(t, err)
		for _, got := range []*types.UserPoolClientType{updated, describeClient(t, p, made.ClientId)} {
			if aws.ToString(got.ClientSecret) != secret {
				t.Errorf("secret = %s, want %s", aws.ToString(got.ClientSecret), secret)
			}
		}
	}},
	{"a client can be made with a secret of one's own, but not with two", func(t *testing.T, start Start) {
		p := start(t)
		made, err := createClient(p, cip.CreateUserPoolClientInput{ClientSecret: aws.String(ownSecret)})
		need(t, err)
		if aws.ToString(made.ClientSecret) != ownSecret {
			t.Errorf("secret = %s, want %s", aws.ToString(made.ClientSecret), ownSecret)
		}
		_, err = createClient(p, cip.CreateUserPoolClientInput{ClientSecret: aws.String(ownSecret), GenerateSecret: true})
		wantCode(t, err, invalid)
	}},
	{"a second secret is generated and shown once, with an id made of the client's", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		added, err := addSecret(p, nil)
		need(t, err)
		if value := aws.ToString(added.ClientSecretValue); value == "" || value == p.ClientSecret || added.ClientSecretCreateDate == nil {
			t.Errorf("descriptor = %+v, want a new value and a date", added)
		}
		if id := aws.ToString(added.ClientSecretId); !regexp.MustCompile(`^` + p.ClientID + `--.+`).MatchString(id) {
			t.Errorf("id = %s, want one that begins with %s--", id, p.ClientID)
		}
		listed := listSecrets(t, p)
		if len(listed) != 2 {
			t.Fatalf("%d secrets, want 2", len(listed))
		}
		for _, s := range listed {
			if s.ClientSecretValue != nil || s.ClientSecretCreateDate == nil {
				t.Errorf("listed as %+v, want a date and no value", s)
			}
		}
		if *listed[0].ClientSecretId == *listed[1].ClientSecretId {
			t.Errorf("both secrets have the id %s", *listed[0].ClientSecretId)
		}
	}},
	{"the value of a secret of one's own is not shown", func(t *testing.T, start Start) {
		added, err := addSecret(start(t, cognitotest.WithClientSecret()), aws.String(ownSecret))
		need(t, err)
		if added.ClientSecretValue != nil {
			t.Errorf("value = %s, want none", *added.ClientSecretValue)
		}
	}},
	{"either of two secrets makes a SECRET_HASH, until it is deleted", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		u := p.NewUser(t)
		before := listSecrets(t, p)
		_, err := addSecret(p, aws.String(ownSecret))
		need(t, err)
		need(t, signInWith(p, u, p.ClientSecret))
		need(t, signInWith(p, u, ownSecret))
		need(t, deleteSecret(p, before[0].ClientSecretId))
		need(t, signInWith(p, u, ownSecret))
		wantError(t, signInWith(p, u, p.ClientSecret), "NotAuthorizedException", "SecretHash does not match for the client: "+p.ClientID)
	}},
	{"a client has at most two secrets", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		added, err := addSecret(p, nil)
		need(t, err)
		_, err = addSecret(p, nil)
		wantCode(t, err, "LimitExceededException")
		need(t, deleteSecret(p, added.ClientSecretId))
		_, err = addSecret(p, nil)
		need(t, err)
	}},
	{"the last secret of a client stays", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		last := listSecrets(t, p)
		if err := deleteSecret(p, last[0].ClientSecretId); err == nil {
			t.Error("the last secret was deleted")
		}
		if diff := cmp.Diff(last, listSecrets(t, p), sdkStructs); diff != "" {
			t.Errorf("secrets (-before +after):\n%s", diff)
		}
	}},
	{"a client that was made without a secret gets none, and lists none", func(t *testing.T, start Start) {
		p := start(t)
		if _, err := addSecret(p, nil); err == nil {
			t.Error("a public client got a secret")
		}
		if listed := listSecrets(t, p); len(listed) > 0 {
			t.Errorf("secrets = %+v, want none", listed)
		}
	}},
	{"an unknown client secret is not found", func(t *testing.T, start Start) {
		p := start(t, cognitotest.WithClientSecret())
		_, err := addSecret(p, nil)
		need(t, err)
		wantCode(t, deleteSecret(p, aws.String(p.ClientID+"--none")), "ResourceNotFoundException")
	}},
}
