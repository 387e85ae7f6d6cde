// Package backendtest is the contract of Cognito user pools as this module understands it: every
// behaviour once, each a sentence and the code that shows it, over any backend.
//
//	func TestContract(t *testing.T) {
//		backendtest.Run(t, func(t *testing.T, opts ...cognitotest.Option) *cognitotest.Provider {
//			return cognitotest.New(t, opts...)
//		})
//	}
//
// A behaviour that needs powers which only a fake has (time, delivered codes) says so through
// [cognitotest.Provider.Fake] and is skipped elsewhere. go test -v lists the sentences.
package backendtest

import (
	"runtime/debug"
	"slices"
	"testing"

	"github.com/cognitotest/cognito/cognitotest"
)

// Start makes a provider for one behaviour, which asks for the settings that it needs.
type Start func(t *testing.T, opts ...cognitotest.Option) *cognitotest.Provider

// Behaviour is one thing that the service does.
type Behaviour struct {
	Name string // a sentence
	Run  func(t *testing.T, start Start)
}

// Run runs every behaviour as a parallel subtest with providers of its own.
func Run(t *testing.T, start Start) {
	for _, b := range Behaviours() {
		part(t, b.Name, func(t *testing.T) {
			t.Parallel()
			b.Run(t, start)
		})
	}
}

// part runs a test within t, whose panic, as at what the service left out, ends no other test: on a real pool the
// others have something to remove.
func part(t *testing.T, name string, run func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) {
		defer func() {
			if cause := recover(); cause != nil {
				t.Errorf("panic: %v\n%s", cause, debug.Stack())
			}
		}()
		run(t)
	})
}

// Behaviours returns the whole contract, family by family.
func Behaviours() []Behaviour {
	return slices.Concat(
		userPools, userPoolUpdates, userPoolDeletion, userPoolLists, userPoolRules, mfaConfig, tags, appClients, appClientRules, clientSecrets, resourceServers, domains, identityProviders, links,
		tokenEndpoint, authorizeEndpoint, redirections, clientAuthentication, userInfoEndpoint, revokeEndpoint, federations, strangers, socialProviders,
		loginPages, factorPages, signUpPages, confirmationPages, forgottenPages, logoutPage,
		users, createdUsers, invitations, signInNames, adminPasswords, adminResets, userAttributes, userLists, groups,
		passwordSignIn, srpSignIns, secretHash, tokenRefresh, rotations, newPasswordRequired, sessions, everyChallenge, tokenClaims,
		choices, passwordChoices, oneTimePasswords, hiddenChoices, signUpSessions,
		mfaSignIns, totpRegistrations, totpSignIns, mfaPreferences,
		passkeyRegistrations, passkeyRefusals, passkeySignIns, passkeyFrauds, passkeyFactors,
		newDevices, deviceConfirmations, deviceSignIns, deviceProofs, deviceLists, deviceRefreshes,
		signUps, signUpAttributes, signUpNames, signUpConfirmations, signUpAliases, signUpHashes, resends, codes,
		forgottenPasswords, forgottenCodes, hiddenRecoveries, changedPasswords,
		ownUser, ownAttributes, ownContacts, verifications, accessTokens, signOuts, revocations,
		signedUpUsers, events, signInEvents,
		preSignUps, postConfirmations, customMessages, customSenders, handlers, triggerCallers,
		signInTriggers, migrations, customSignIns, tokenGeneration, oauthTriggers, hostedTokens, hostedMetadata, hostedOrders, federationTriggers, guestFunctions,
		triggerFailures, triggerMetadata, callsBack, crowdsAtFunctions, triggerOrders, migrationAnswers, preSignUpAliases,
	)
}
