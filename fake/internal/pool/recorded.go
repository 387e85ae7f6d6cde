package pool

import (
	"cmp"
	"reflect"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/pquerna/otp/hotp"
)

// RecordedSettings judges the settings of a recorded pool and completes them, as [NewSettings] does
// for a new one. Factors of MFA may be configured while MFA is off: an UpdateUserPool leaves them so.
func RecordedSettings(in *cip.CreateUserPoolInput, mfa *cip.SetUserPoolMfaConfigInput, at Place) (*types.UserPoolType, MFAConfig, error) {
	if err := checkSignInAttributes(in); err != nil {
		return nil, MFAConfig{}, err
	}
	p, factors := &types.UserPoolType{}, recordedMFA(mfa)
	assign(p, in)
	p.Name = Clone(in.PoolName)
	if mfa != nil {
		p.MfaConfiguration = cmp.Or(p.MfaConfiguration, mfa.MfaConfiguration)
		applySMS(p, mfa.SmsMfaConfiguration)
	}
	p, err := settled(p, factors, at)
	if err != nil {
		return nil, MFAConfig{}, err
	}
	return p, factors, checkRelyingParty(settings{p, factors, at})
}

func recordedMFA(in *cip.SetUserPoolMfaConfigInput) MFAConfig {
	if in == nil {
		return MFAConfig{}
	}
	in = Clone(in)
	return MFAConfig{
		WithoutSMS: in.SmsMfaConfiguration == nil, SoftwareToken: in.SoftwareTokenMfaConfiguration,
		Email: in.EmailMfaConfiguration, WebAuthn: in.WebAuthnConfiguration,
	}
}

// Recorded returns the rules for app clients that were made before: the pool may have gone to a lower
// tier since, and may have lost a provider or a scope that they name, which the service does not hold against
// them (inferred).
func (r ClientRules) Recorded() ClientRules {
	p := *r.Pool
	p.UserPoolTier = types.UserPoolTierTypePlus
	r.Pool = &p
	any := func(string) bool { return true }
	r.Catalog = Catalog{HasProvider: any, HasScope: any}
	return r
}

// declared returns the standard attributes that differ from those of every pool, as CreateUserPool
// takes them.
func (s *Schema) declared() []types.SchemaAttributeType {
	var changed []types.SchemaAttributeType
	for i, standard := range standardAttributes() {
		if a := s.attributes[i]; !reflect.DeepEqual(a, standard) {
			changed = append(changed, Clone(a))
		}
	}
	return changed
}

// custom returns the custom attributes as AddCustomAttributes takes them.
func (s *Schema) custom() []types.SchemaAttributeType {
	custom := Clone(s.attributes[len(standardAttributes()):])
	for i := range custom {
		name := strings.TrimPrefix(*custom[i].Name, developerPrefix)
		custom[i].Name = aws.String(strings.TrimPrefix(name, customPrefix))
	}
	if len(custom) == 0 {
		return nil
	}
	return custom
}

// NameAttribute returns the attribute, email or phone_number, that the name which a new user signs up
// with is, or "" in a pool whose users choose usernames. It refuses names of the wrong form.
func (p *Pool) NameAttribute(name string) (string, error) { return p.nameAttribute(name) }

// CheckFlags refuses a user whose address or number is verified and missing.
func (u *User) CheckFlags() error { return u.checkFlags() }

// Usable reports whether codes can be made with the authenticator's secret.
func (a *Authenticator) Usable() bool {
	_, err := hotp.GenerateCode(a.Secret, 0)
	return err == nil
}

// Purposes returns all purposes of codes.
func Purposes() []Purpose { return []Purpose{ForSignUp, ForForgotPassword, ForAttribute} }
