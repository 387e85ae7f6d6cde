package pool

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

func TestValidities(t *testing.T) {
	type all struct{ Access, ID, Refresh, Session time.Duration }
	for _, test := range []struct {
		why    string
		client types.UserPoolClientType
		want   all
	}{
		{"defaults", types.UserPoolClientType{}, all{time.Hour, time.Hour, 720 * time.Hour, 3 * time.Minute}},
		{"default units", types.UserPoolClientType{AccessTokenValidity: aws.Int32(2), IdTokenValidity: aws.Int32(3), RefreshTokenValidity: 4, AuthSessionValidity: aws.Int32(15)},
			all{2 * time.Hour, 3 * time.Hour, 96 * time.Hour, 15 * time.Minute}},
		{"declared units", types.UserPoolClientType{AccessTokenValidity: aws.Int32(300), IdTokenValidity: aws.Int32(5), RefreshTokenValidity: 36,
			TokenValidityUnits: &types.TokenValidityUnitsType{AccessToken: "seconds", IdToken: "minutes", RefreshToken: "hours"}},
			all{5 * time.Minute, 5 * time.Minute, 36 * time.Hour, 3 * time.Minute}},
		{"ten years", types.UserPoolClientType{RefreshTokenValidity: 3650}, all{time.Hour, time.Hour, 3650 * 24 * time.Hour, 3 * time.Minute}},
	} {
		t.Run(test.why, func(t *testing.T) {
			c := &test.client
			got := all{AccessTokenValidity(c), IDTokenValidity(c), RefreshTokenValidity(c), AuthSessionValidity(c)}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("validities (-got +want):\n%s", diff)
			}
		})
	}
}

func TestFlowAllowed(t *testing.T) {
	const (
		password  = types.AuthFlowTypeUserPasswordAuth
		admin     = types.AuthFlowTypeAdminUserPasswordAuth
		adminOld  = types.AuthFlowTypeAdminNoSrpAuth
		srp       = types.AuthFlowTypeUserSrpAuth
		custom    = types.AuthFlowTypeCustomAuth
		choice    = types.AuthFlowTypeUserAuth
		refresh   = types.AuthFlowTypeRefreshToken
		refreshTo = types.AuthFlowTypeRefreshTokenAuth
	)
	every := []types.AuthFlowType{password, admin, adminOld, srp, custom, choice, refresh, refreshTo}
	for _, test := range []struct {
		why      string
		settings []types.ExplicitAuthFlowsType
		rotates  bool
		want     []types.AuthFlowType
	}{
		{"not set", nil, false, []types.AuthFlowType{srp, custom, refresh, refreshTo}},
		{"user password", []types.ExplicitAuthFlowsType{"ALLOW_USER_PASSWORD_AUTH"}, false, []types.AuthFlowType{password}},
		{"admin password under both names", []types.ExplicitAuthFlowsType{"ALLOW_ADMIN_USER_PASSWORD_AUTH"}, false, []types.AuthFlowType{admin, adminOld}},
		{"SRP", []types.ExplicitAuthFlowsType{"ALLOW_USER_SRP_AUTH"}, false, []types.AuthFlowType{srp}},
		{"custom", []types.ExplicitAuthFlowsType{"ALLOW_CUSTOM_AUTH"}, false, []types.AuthFlowType{custom}},
		{"choice, which does not include custom", []types.ExplicitAuthFlowsType{"ALLOW_USER_AUTH"}, false, []types.AuthFlowType{choice}},
		{"refresh under both names", []types.ExplicitAuthFlowsType{"ALLOW_REFRESH_TOKEN_AUTH"}, false, []types.AuthFlowType{refresh, refreshTo}},
		{"several", []types.ExplicitAuthFlowsType{"ALLOW_USER_AUTH", "ALLOW_USER_PASSWORD_AUTH"}, false, []types.AuthFlowType{password, choice}},
		{"legacy user password brings SRP, custom and refresh", []types.ExplicitAuthFlowsType{"USER_PASSWORD_AUTH"}, false,
			[]types.AuthFlowType{password, srp, custom, refresh, refreshTo}},
		{"legacy admin password brings them too", []types.ExplicitAuthFlowsType{"ADMIN_NO_SRP_AUTH"}, false,
			[]types.AuthFlowType{admin, adminOld, srp, custom, refresh, refreshTo}},
		{"legacy custom brings refresh only", []types.ExplicitAuthFlowsType{"CUSTOM_AUTH_FLOW_ONLY"}, false, []types.AuthFlowType{custom, refresh, refreshTo}},
		{"rotation ends the refresh flow", nil, true, []types.AuthFlowType{srp, custom}},
	} {
		t.Run(test.why, func(t *testing.T) {
			c := &types.UserPoolClientType{ExplicitAuthFlows: test.settings}
			if test.rotates {
				c.RefreshTokenRotation = &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled}
			}
			var got []types.AuthFlowType
			for _, flow := range every {
				if FlowAllowed(c, flow) {
					got = append(got, flow)
				}
			}
			if diff := cmp.Diff(got, test.want); diff != "" {
				t.Errorf("allowed flows (-got +want):\n%s", diff)
			}
		})
	}
}

func TestClientSwitches(t *testing.T) {
	disabled := &types.UserPoolClientType{
		EnableTokenRevocation:      aws.Bool(false),
		PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesLegacy,
		RefreshTokenRotation:       &types.RefreshTokenRotationType{Feature: types.FeatureTypeDisabled},
	}
	enabled := &types.UserPoolClientType{
		EnableTokenRevocation:      aws.Bool(true),
		PreventUserExistenceErrors: types.PreventUserExistenceErrorTypesEnabled,
		RefreshTokenRotation:       &types.RefreshTokenRotationType{Feature: types.FeatureTypeEnabled},
	}
	unset := &types.UserPoolClientType{}
	for _, test := range []struct {
		why  string
		got  bool
		want bool
	}{
		{"unset behaves as LEGACY", HidesUserExistence(unset), false},
		{"LEGACY tells who exists", HidesUserExistence(disabled), false},
		{"ENABLED hides who exists", HidesUserExistence(enabled), true},
		{"revocation is on where unset", RevocationEnabled(unset), true},
		{"revocation off", RevocationEnabled(disabled), false},
		{"revocation on", RevocationEnabled(enabled), true},
		{"no rotation where unset", RotatesRefreshTokens(unset), false},
		{"rotation off", RotatesRefreshTokens(disabled), false},
		{"rotation on", RotatesRefreshTokens(enabled), true},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %t, want %t", test.why, test.got, test.want)
		}
	}
}

func TestReadAndWrite(t *testing.T) {
	unset := &types.UserPoolClientType{}
	listed := &types.UserPoolClientType{ReadAttributes: []string{"email"}, WriteAttributes: []string{"custom:tenant"}}
	for _, test := range []struct {
		why         string
		client      *types.UserPoolClientType
		attribute   string
		read, write bool
	}{
		{"standard attributes by default", unset, "name", true, true},
		{"custom attributes by default", unset, "custom:tenant", true, true},
		{"sub is not written", unset, "sub", true, false},
		{"nor is email_verified", unset, "email_verified", true, false},
		{"nor is phone_number_verified", unset, "phone_number_verified", true, false},
		{"developer-only attributes are the administrator's", unset, "dev:custom:note", true, false},
		{"listed for reading", listed, "email", true, false},
		{"listed for writing", listed, "custom:tenant", false, true},
		{"in no list", listed, "name", false, false},
		{"the flag of a listed address must be listed itself", listed, "email_verified", false, false},
	} {
		t.Run(test.why, func(t *testing.T) {
			if got := CanRead(test.client, test.attribute); got != test.read {
				t.Errorf("CanRead(%s) = %t, want %t", test.attribute, got, test.read)
			}
			if got := CanWrite(test.client, test.attribute); got != test.write {
				t.Errorf("CanWrite(%s) = %t, want %t", test.attribute, got, test.write)
			}
		})
	}
}
