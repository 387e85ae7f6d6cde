package pool

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// A SECRET_HASH that was computed elsewhere.
const (
	vectorClient   = "1example23456789"
	vectorSecret   = "1example-client-secret"
	vectorUsername = "mytestuser"
	vectorHash     = "c8R5Tnq80fmmnpcZ6+gzSwgDyUGhKo7Ifj6lHSS865I="
)

// clientWith makes an app client with secrets, oldest first.
func clientWith(secrets ...string) *Client {
	c := &Client{ID: vectorClient, Settings: &types.UserPoolClientType{}}
	for _, s := range secrets {
		c.Secrets = append(c.Secrets, ClientSecret{ID: "id-of-" + s, Value: s})
	}
	return c
}

func TestCheckSecretHash(t *testing.T) {
	const (
		missing    = "NotAuthorizedException: Client 1example23456789 is configured with secret but SECRET_HASH was not received"
		mismatch   = "NotAuthorizedException: SecretHash does not match for the client: 1example23456789"
		unexpected = "InvalidParameterException: App client 1example23456789 is not configured for secret but secret hash was received"
	)
	for _, test := range []struct {
		why            string
		client         *Client
		username, hash string
		want           string
	}{
		{"the right one", clientWith(vectorSecret), vectorUsername, vectorHash, ""},
		{"of the older of two secrets", clientWith(vectorSecret, "newer"), vectorUsername, vectorHash, ""},
		{"of the newer of two secrets", clientWith("older", vectorSecret), vectorUsername, vectorHash, ""},
		{"of another username", clientWith(vectorSecret), "another", vectorHash, mismatch},
		{"of another secret", clientWith("another"), vectorUsername, vectorHash, mismatch},
		{"without padding", clientWith(vectorSecret), vectorUsername, vectorHash[:len(vectorHash)-1], mismatch},
		{"with a newline", clientWith(vectorSecret), vectorUsername, vectorHash + "\n", mismatch},
		{"none", clientWith(vectorSecret), vectorUsername, "", missing},
		{"none, and no secret", clientWith(), vectorUsername, "", ""},
		{"one, and no secret", clientWith(), vectorUsername, vectorHash, unexpected},
	} {
		t.Run(test.why, func(t *testing.T) {
			wantError(t, test.client.CheckSecretHash(test.username, test.hash, SecretHashMismatch), test.want)
		})
	}
}

func FuzzCheckSecretHash(f *testing.F) {
	f.Add(vectorSecret, vectorUsername, vectorHash)
	f.Add(vectorSecret, "ann@example.com", "")
	f.Add("", "\xff\x00", "====")
	f.Fuzz(func(t *testing.T, secret, username, hash string) {
		c := clientWith(secret)
		right := SecretHash(secret, username, vectorClient)
		if err := c.CheckSecretHash(username, right, SecretHashMismatch); err != nil {
			t.Errorf("the right hash: %v", err)
		}
		if err := c.CheckSecretHash(username, hash, SecretHashMismatch); (err == nil) != (hash == right) {
			t.Errorf("CheckSecretHash(%q, %q) = %v; the right hash is %q", username, hash, err, right)
		}
		if err := clientWith().CheckSecretHash(username, hash, SecretHashMismatch); (err == nil) != (hash == "") {
			t.Errorf("without a secret, CheckSecretHash(%q, %q) = %v", username, hash, err)
		}
	})
}

func TestSecretsOfAClient(t *testing.T) {
	c := clientWith("first")
	wantError(t, c.RemoveSecretLocked("id-of-first"), "InvalidParameterException: The last client secret of an app client cannot be deleted.")
	wantError(t, c.AddSecretLocked(ClientSecret{ID: "id-of-second", Value: "second"}), "")
	wantError(t, c.AddSecretLocked(ClientSecret{ID: "id-of-third", Value: "third"}), "LimitExceededException: The number of client secrets is at its limit.")
	wantError(t, c.RemoveSecretLocked("id-of-third"), "ResourceNotFoundException: Client secret id-of-third does not exist.")
	wantError(t, c.RemoveSecretLocked("id-of-first"), "")
	if c.HasSecret("first") || !c.HasSecret("second") || c.HasSecret("") {
		t.Errorf("secrets = %v, want the second alone", c.Secrets)
	}
}
