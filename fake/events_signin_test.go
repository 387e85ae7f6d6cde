package fake_test

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"github.com/cognitotest/cognito/fake"
)

// signInSources are the sources of sign-in. TokenGeneration_AuthenticateDevice is in the contract: its
// event is that of TokenGeneration_Authentication, and firing it takes the arithmetic of a client.
var signInSources = []eventSource{
	{source: "PreAuthentication_Authentication", trigger: fake.PreAuthentication, goType: new(events.CognitoEventUserPoolsPreAuthentication),
		lacks: []string{"userNotFound"}, fire: func(s *stage) { s.member(); s.signIn() }},
	{source: "PostAuthentication_Authentication", trigger: fake.PostAuthentication, goType: new(events.CognitoEventUserPoolsPostAuthentication),
		fire: func(s *stage) { s.changePassword() }},
	{source: "TokenGeneration_Authentication", version: "_V1", trigger: fake.PreTokenGeneration, goType: new(events.CognitoEventUserPoolsPreTokenGen),
		fire: func(s *stage) { s.member(); s.signIn() }},
	{source: "TokenGeneration_Authentication", version: "_V2", trigger: fake.PreTokenGenerationV2, goType: new(events.CognitoEventUserPoolsPreTokenGenV2_0),
		fire: func(s *stage) { s.member(); s.signIn() }},
	{source: "TokenGeneration_Authentication", version: "_V3", trigger: fake.PreTokenGenerationV3, goType: new(events.CognitoEventUserPoolsPreTokenGenV2_0),
		fire: func(s *stage) { s.member(); s.signIn() }},
	{source: "TokenGeneration_NewPasswordChallenge", trigger: fake.PreTokenGeneration, goType: new(events.CognitoEventUserPoolsPreTokenGen),
		fire: func(s *stage) { s.changePassword() }},
	{source: "TokenGeneration_RefreshTokens", trigger: fake.PreTokenGeneration, goType: new(events.CognitoEventUserPoolsPreTokenGen),
		fire: func(s *stage) {
			s.member()
			s.must(s.api.InitiateAuth(s.ctx, &cip.InitiateAuthInput{
				ClientId: &s.client, AuthFlow: types.AuthFlowTypeRefreshTokenAuth, ClientMetadata: metadata,
				AuthParameters: map[string]string{"REFRESH_TOKEN": *s.signIn().RefreshToken},
			}))
		}},
	{source: "UserMigration_Authentication", trigger: fake.UserMigration, goType: new(events.CognitoEventUserPoolsMigrateUser), lacks: []string{"userAttributes", "enableSMSMFA"},
		fire: func(s *stage) { s.migrate(); s.signIn() }},
	{source: "UserMigration_ForgotPassword", trigger: fake.UserMigration, goType: new(events.CognitoEventUserPoolsMigrateUser), lacks: []string{"userAttributes", "enableSMSMFA"},
		fire: func(s *stage) { s.migrate(); s.forget() }},
	{source: "DefineAuthChallenge_Authentication", trigger: fake.DefineAuthChallenge, goType: new(events.CognitoEventUserPoolsDefineAuthChallenge),
		fire: func(s *stage) { s.riddle() }},
	{source: "CreateAuthChallenge_Authentication", trigger: fake.CreateAuthChallenge, goType: new(events.CognitoEventUserPoolsCreateAuthChallenge),
		lacks: []string{"userNotFound"}, fire: func(s *stage) { s.riddle() }},
	{source: "VerifyAuthChallengeResponse_Authentication", trigger: fake.VerifyAuthChallengeResponse, goType: new(events.CognitoEventUserPoolsVerifyAuthChallenge),
		lacks: []string{"userNotFound"}, fire: func(s *stage) { s.riddle() }},
}

// member makes ann a user of a group with a role.
func (s *stage) member() {
	s.t.Helper()
	s.invite()
	s.must(s.api.AdminSetUserPassword(s.ctx, &cip.AdminSetUserPasswordInput{
		UserPoolId: &s.pool, Username: aws.String("ann"), Password: aws.String("Correct-Horse-7"), Permanent: true,
	}))
	s.must(s.api.CreateGroup(s.ctx, &cip.CreateGroupInput{
		UserPoolId: &s.pool, GroupName: aws.String("staff"), RoleArn: aws.String("arn:aws:iam::123456789012:role/staff"), Precedence: aws.Int32(1),
	}))
	s.must(s.api.AdminAddUserToGroup(s.ctx, &cip.AdminAddUserToGroupInput{
		UserPoolId: &s.pool, GroupName: aws.String("staff"), Username: aws.String("ann"),
	}))
}

func (s *stage) signIn() *types.AuthenticationResultType {
	s.t.Helper()
	out, err := s.api.InitiateAuth(s.ctx, &cip.InitiateAuthInput{
		ClientId: &s.client, AuthFlow: types.AuthFlowTypeUserPasswordAuth, ClientMetadata: metadata,
		AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": "Correct-Horse-7"},
	})
	s.must(out, err)
	return out.AuthenticationResult
}

// changePassword signs ann in with the temporary password of an invitation.
func (s *stage) changePassword() {
	s.t.Helper()
	s.invite()
	first, err := s.api.InitiateAuth(s.ctx, &cip.InitiateAuthInput{
		ClientId: &s.client, AuthFlow: types.AuthFlowTypeUserPasswordAuth,
		AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": *s.code()},
	})
	s.must(first, err)
	s.must(s.api.RespondToAuthChallenge(s.ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &s.client, ChallengeName: first.ChallengeName, Session: first.Session, ClientMetadata: metadata,
		ChallengeResponses: map[string]string{"USERNAME": "ann", "NEW_PASSWORD": "Correct-Horse-7"},
	}))
}

// answer makes the pool call a function that sets the response.
func (s *stage) answer(source fake.TriggerSource, response map[string]any) {
	s.t.Helper()
	s.must(0, s.server.HandleTrigger(s.pool, source, fake.TriggerFunc(func(_ context.Context, event map[string]any) (map[string]any, error) {
		event["response"] = response
		return event, nil
	})))
}

// migrate makes ann known to another directory.
func (s *stage) migrate() {
	s.t.Helper()
	s.answer(fake.UserMigration, map[string]any{
		"userAttributes": map[string]string{"email": "ann@example.com", "email_verified": "true"}, "finalUserStatus": "CONFIRMED",
	})
}

// riddle signs ann in by two custom challenges, the second of which each function sees the first of.
func (s *stage) riddle() {
	s.t.Helper()
	s.member()
	s.answer(fake.DefineAuthChallenge, map[string]any{"challengeName": "CUSTOM_CHALLENGE"})
	s.answer(fake.CreateAuthChallenge, map[string]any{
		"publicChallengeParameters": map[string]string{"hint": "a number"}, "privateChallengeParameters": map[string]string{"answer": "seven"},
		"challengeMetadata": "RIDDLE",
	})
	s.answer(fake.VerifyAuthChallengeResponse, map[string]any{"answerCorrect": true})
	first, err := s.api.InitiateAuth(s.ctx, &cip.InitiateAuthInput{
		ClientId: &s.client, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": "ann"},
	})
	s.must(first, err)
	s.must(s.api.RespondToAuthChallenge(s.ctx, &cip.RespondToAuthChallengeInput{
		ClientId: &s.client, ChallengeName: first.ChallengeName, Session: first.Session, ClientMetadata: metadata,
		ChallengeResponses: map[string]string{"USERNAME": "ann", "ANSWER": "seven"},
	}))
}
