package pool

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var ignoreSerde = cmpopts.IgnoreUnexported(
	types.UserPoolType{}, types.AdminCreateUserConfigType{}, types.SchemaAttributeType{}, types.StringAttributeConstraintsType{},
	types.NumberAttributeConstraintsType{}, types.LambdaConfigType{}, types.PreTokenGenerationVersionConfigType{},
	types.UserPoolClientType{}, types.TokenValidityUnitsType{}, types.UserPoolPolicyType{}, types.PasswordPolicyType{},
	types.SignInPolicyType{}, types.EmailConfigurationType{}, types.VerificationMessageTemplateType{}, types.SmsConfigurationType{},
	types.AccountRecoverySettingType{}, types.RecoveryOptionType{}, types.UserAttributeUpdateSettingsType{}, types.UsernameConfigurationType{},
	types.SoftwareTokenMfaConfigType{}, types.EmailMfaConfigType{}, types.WebAuthnConfigurationType{}, types.SmsMfaConfigType{},
	types.RefreshTokenRotationType{}, types.IssuerConfigurationType{}, types.KeyConfigurationType{}, types.UserPoolAddOnsType{},
)

func clonable() *types.UserPoolType {
	return &types.UserPoolType{
		Name:             aws.String("people"),
		CreationDate:     aws.Time(time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)),
		AliasAttributes:  []types.AliasAttributeType{types.AliasAttributeTypeEmail},
		UserPoolTags:     map[string]string{"team": "red"},
		SchemaAttributes: []types.SchemaAttributeType{{Name: aws.String("email")}},
		LambdaConfig:     &types.LambdaConfigType{PreSignUp: aws.String("arn")},
	}
}

func TestCloneSharesNothing(t *testing.T) {
	original := clonable()
	copied := Clone(original)
	if diff := cmp.Diff(copied, clonable(), ignoreSerde); diff != "" {
		t.Fatalf("the copy differs (-got +want):\n%s", diff)
	}
	*copied.Name = "other"
	*copied.CreationDate = time.Time{}
	copied.AliasAttributes[0] = "other"
	copied.UserPoolTags["team"] = "blue"
	*copied.SchemaAttributes[0].Name = "other"
	*copied.LambdaConfig.PreSignUp = "other"
	if diff := cmp.Diff(original, clonable(), ignoreSerde); diff != "" {
		t.Errorf("a change of the copy reached the original (-got +want):\n%s", diff)
	}
}

func TestCloneKeepsNilAndEmpty(t *testing.T) {
	got := Clone(types.UserPoolType{UserPoolTags: map[string]string{}, UsernameAttributes: []types.UsernameAttributeType{}})
	switch {
	case got.UserPoolTags == nil, got.UsernameAttributes == nil:
		t.Error("an empty map or list became nil")
	case got.AliasAttributes != nil, got.LambdaConfig != nil:
		t.Error("nil became a value")
	}
	if Clone[*types.UserPoolType](nil) != nil {
		t.Error("a nil pointer became a value")
	}
}

func TestCloneSharesDocuments(t *testing.T) {
	in := &cip.CreateManagedLoginBrandingInput{Settings: document.NewLazyDocument(map[string]any{"a": 1})}
	if got := Clone(in); got.Settings != in.Settings {
		t.Error("the document was copied; want the same one")
	}
}

func TestClonesOfMapValues(t *testing.T) {
	in := map[string][]string{"a": {"x"}}
	got := Clone(in)
	got["a"][0] = "y"
	if in["a"][0] != "x" {
		t.Error("a change of a copied map's value reached the original")
	}
}
