package cognitotest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/pquerna/otp/hotp"
)

// totpStep is how long a code of an authenticator app lasts, in seconds.
const totpStep = 30

// authenticator is the app on a user's phone; the zero value is that of a user without one.
type authenticator struct {
	mu     sync.Mutex // guards the rest
	secret string
	after  uint64 // the step of the newest code
}

func (a *authenticator) registered() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.secret != ""
}

// TOTPCode returns a code of the user's authenticator that was not used yet, for a user made with
// [TOTP]. The service takes each code once, and those of the next half-minute too: two codes in a
// half-minute are what there is. For a third one move the fake's clock with Advance; on a real pool
// TOTPCode waits.
func (u *User) TOTPCode(t TB) string {
	t.Helper()
	code, err := u.totp.next(u.provider)
	if err != nil {
		t.Fatalf("cognitotest: TOTPCode of %s: %v", u.Username, err)
	}
	return code
}

// first takes the secret and returns a code to verify it with: that of the step before, so that two
// are left for sign-ins.
func (a *authenticator) first(secret string, now time.Time) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.secret, a.after = secret, uint64(now.Unix())/totpStep-1
	return hotp.GenerateCode(a.secret, a.after)
}

// next returns the code of the current step or, where that was handed out, of the one after it.
func (a *authenticator) next(p *Provider) (string, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.secret == "" {
		return "", errors.New("the user has no authenticator; make the user with NewUser(t, cognitotest.TOTP())")
	}
	step := max(uint64(p.now().Unix())/totpStep, a.after+1)
	if err := p.waitFor(step - 1); err != nil {
		return "", err
	}
	a.after = step
	return hotp.GenerateCode(a.secret, step)
}

// waitFor waits until a step of the clock has begun. It does not wait for the fake's clock, which the
// test can move.
func (p *Provider) waitFor(step uint64) error {
	wait := time.Unix(int64(step)*totpStep, 0).Sub(p.now())
	if wait > 0 && p.fake() != nil {
		return fmt.Errorf("the codes of this half-minute are used up; call Fake(t).Advance(%d * time.Second)", totpStep)
	}
	time.Sleep(wait)
	return nil
}

// registerTOTP signs the user in, registers an authenticator, and makes it the preferred factor.
func (u *User) registerTOTP(ctx context.Context) error {
	at, err := u.givePassword(ctx)
	if err != nil {
		return err
	}
	if err := u.pair(ctx, at); err != nil {
		return err
	}
	_, err = u.provider.client.AdminSetUserMFAPreference(ctx, &cip.AdminSetUserMFAPreferenceInput{
		UserPoolId: &u.provider.PoolID, Username: &u.Username,
		SoftwareTokenMfaSettings: &types.SoftwareTokenMfaSettingsType{Enabled: true, PreferredMfa: true},
	})
	return err
}

// pair gives the user an authenticator: by the access token where the pool asks for no second factor
// yet, in the session of MFA_SETUP where it requires one.
func (u *User) pair(ctx context.Context, at progress) error {
	var token *string
	switch {
	case at.result != nil:
		token, at.session = at.result.AccessToken, nil
	case at.challenge != types.ChallengeNameTypeMfaSetup:
		return fmt.Errorf("TOTP: the pool asks for %s first; make the user without Phone or Email, which it takes as factors", at.challenge)
	}
	made, err := u.provider.client.AssociateSoftwareToken(ctx, &cip.AssociateSoftwareTokenInput{AccessToken: token, Session: at.session})
	if errors.As(err, new(*types.SoftwareTokenMFANotFoundException)) {
		return fmt.Errorf("TOTP: the pool allows no authenticators; pass cognitotest.WithMFA with SoftwareTokenMfaConfiguration to New: %w", err)
	}
	if err != nil {
		return err
	}
	err = u.verify(ctx, token, made)
	if errors.As(err, new(*types.EnableSoftwareTokenMFAException)) { // the step ended on the way
		err = u.verify(ctx, token, made)
	}
	return err
}

// verify proves that the user's authenticator has the secret.
func (u *User) verify(ctx context.Context, token *string, made *cip.AssociateSoftwareTokenOutput) error {
	code, err := u.totp.first(*made.SecretCode, u.provider.now())
	if err != nil {
		return err
	}
	_, err = u.provider.client.VerifySoftwareToken(ctx, &cip.VerifySoftwareTokenInput{AccessToken: token, Session: made.Session, UserCode: &code})
	return err
}
