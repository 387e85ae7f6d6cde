package cognitotest

import (
	"encoding/base64"
	"strings"
)

// Env returns NAME=value settings that lead AWS SDKs and the AWS CLI, of any language, to the pool:
// for child processes, after os.Environ. Beside the SDKs' own variables it has
// COGNITO_USER_POOL_ID, COGNITO_CLIENT_ID, COGNITO_CLIENT_SECRET, COGNITO_ISSUER,
// COGNITO_JWKS_URL and, on the fake, COGNITO_SENDER_KEY: the base64 of fake.Server.SenderKey. A pool that was made with [InMemory] is not reachable from another process, and
// one that was made with [TLS] only by those who trust fake.Server.CACert.
func (p *Provider) Env() []string {
	env := []string{
		"AWS_REGION=" + p.Region,
		"AWS_DEFAULT_REGION=" + p.Region,
		"COGNITO_USER_POOL_ID=" + p.PoolID,
		"COGNITO_CLIENT_ID=" + p.ClientID,
		"COGNITO_CLIENT_SECRET=" + p.ClientSecret,
		"COGNITO_ISSUER=" + p.Issuer,
		"COGNITO_JWKS_URL=" + p.JWKSURL,
	}
	if p.fake() == nil {
		return env
	}
	return append(env,
		"AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER="+p.URL,
		"AWS_ACCESS_KEY_ID="+fakeAccessKeyID,
		"AWS_SECRET_ACCESS_KEY="+fakeSecretAccessKey,
		"AWS_SESSION_TOKEN=",
		"AWS_EC2_METADATA_DISABLED=true",
		"COGNITO_SENDER_KEY="+base64.StdEncoding.EncodeToString(p.fake().SenderKey()),
	)
}

// Setenv sets [Provider.Env] in this process until the end of t, so that code which loads the SDK's
// default configuration reaches the pool unchanged.
func (p *Provider) Setenv(t interface {
	TB
	Setenv(key, value string)
}) {
	t.Helper()
	if p.fake() != nil && p.URL == "" {
		t.Fatalf("cognitotest: Setenv: a pool in memory has no address; leave out cognitotest.InMemory()")
	}
	for _, setting := range p.Env() {
		name, value, _ := strings.Cut(setting, "=")
		t.Setenv(name, value)
	}
}
