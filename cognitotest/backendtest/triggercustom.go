package backendtest

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/cognitotest/internal/srpclient"
	"github.com/cognitotest/cognito/fake"
)

const customChallenge = types.ChallengeNameTypeCustomChallenge

// riddles makes a pool ask for two answers, "one" and "two", and give up after the third wrong one.
func riddles(t *testing.T, p *cognitotest.Provider) {
	t.Helper()
	onTrigger(t, p, fake.DefineAuthChallenge, func(e event) (event, error) {
		right, wrong, next := 0, 0, "CUSTOM_CHALLENGE"
		for _, r := range rounds(e) {
			switch {
			case r["challengeName"] == "SRP_A":
				next = "PASSWORD_VERIFIER"
			case r["challengeName"] == "PASSWORD_VERIFIER":
				next = "CUSTOM_CHALLENGE"
			case r["challengeResult"] == true:
				right++
			default:
				wrong++
			}
		}
		return replying("challengeName", next, "issueTokens", right == 2, "failAuthentication", wrong == 3)(e)
	})
	onTrigger(t, p, fake.CreateAuthChallenge, func(e event) (event, error) {
		answer := "one"
		for _, r := range rounds(e) {
			if r["challengeMetadata"] == "one" && r["challengeResult"] == true {
				answer = "two"
			}
		}
		return replying("publicChallengeParameters", map[string]string{"hint": "a number"},
			"privateChallengeParameters", map[string]string{"answer": answer}, "challengeMetadata", answer)(e)
	})
	onTrigger(t, p, fake.VerifyAuthChallengeResponse, func(e event) (event, error) {
		private, _ := e.part("request")["privateChallengeParameters"].(map[string]any)
		return replying("answerCorrect", e.part("request")["challengeAnswer"] == private["answer"])(e)
	})
}

// rounds are the challenges so far, as an event tells them.
func rounds(e event) []map[string]any {
	list, _ := e.part("request")["session"].([]any)
	var rounds []map[string]any
	for _, r := range list {
		if r, ok := r.(map[string]any); ok {
			rounds = append(rounds, r)
		}
	}
	return rounds
}

// beginCustom begins CUSTOM_AUTH. Pairs of names and values are further parameters.
func beginCustom(p *cognitotest.Provider, username string, namesAndValues ...string) (*cip.InitiateAuthOutput, error) {
	params := map[string]string{"USERNAME": username}
	for i := 0; i < len(namesAndValues); i += 2 {
		params[namesAndValues[i]] = namesAndValues[i+1]
	}
	return initiate(p, types.AuthFlowTypeCustomAuth, p.SecretHash(username), params)
}

var customSignIns = []Behaviour{
	{"functions decide how many challenges there are, and tokens follow the last", func(t *testing.T, start Start) {
		for _, opts := range [][]cognitotest.Option{nil, {cognitotest.WithClientSecret()}} {
			p := start(t, opts...)
			riddles(t, p)
			u := p.NewUser(t)
			out, err := beginCustom(p, u.Username)
			need(t, err)
			if out.ChallengeName != customChallenge || aws.ToString(out.Session) == "" {
				t.Fatalf("answer = %+v, want CUSTOM_CHALLENGE with a session", out)
			}
			want := map[string]string{"hint": "a number", "USERNAME": u.Username}
			if diff := cmp.Diff(want, out.ChallengeParameters); diff != "" {
				t.Errorf("ChallengeParameters (-want +got):\n%s", diff)
			}
			next, err := reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
			need(t, err)
			if next.ChallengeName != customChallenge || *next.Session == *out.Session {
				t.Fatalf("answer = %+v, want CUSTOM_CHALLENGE with another session", next)
			}
			last, err := reply(p, customChallenge, next.Session, u.Username, "ANSWER", "two")
			wantTokens(t, last, err)
			const define, create, verify = "DefineAuthChallenge_Authentication", "CreateAuthChallenge_Authentication", "VerifyAuthChallengeResponse_Authentication"
			wantSources(t, p, define, create, verify, define, create, verify, define)
		}
	}},
	{"a wrong answer is followed by what the functions say: another challenge, then the end", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		out, err := beginCustom(p, u.Username)
		need(t, err)
		session := out.Session
		for range 2 {
			next, err := reply(p, customChallenge, session, u.Username, "ANSWER", "nonsense")
			need(t, err)
			if next.ChallengeName != customChallenge || *next.Session == *session {
				t.Fatalf("answer = %+v, want CUSTOM_CHALLENGE with another session", next)
			}
			session = next.Session
		}
		_, err = reply(p, customChallenge, session, u.Username, "ANSWER", "nonsense")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = reply(p, customChallenge, session, u.Username, "ANSWER", "one")
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session can only be used once.")
	}},
	{"an answer needs ANSWER and a session that is good", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		out, err := beginCustom(p, u.Username)
		need(t, err)
		_, err = reply(p, customChallenge, out.Session, u.Username)
		wantError(t, err, "InvalidParameterException", "Missing required parameter ANSWER")
		_, err = reply(p, customChallenge, nil, u.Username, "ANSWER", "one")
		wantError(t, err, "InvalidParameterException", "Missing required parameter Session")
		_, err = reply(p, customChallenge, out.Session, p.NewUser(t).Username, "ANSWER", "one")
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user.")
		pass(t, p, 3*time.Minute)
		_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
		wantError(t, err, "NotAuthorizedException", "Invalid session for the user, session is expired.")
	}},
	{"a proof of the password by SRP can come first, with a session; the custom challenge then has no USERNAME", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		client := srpclient.New(p.PoolID)
		first, err := beginCustom(p, u.Username, "CHALLENGE_NAME", "SRP_A", "SRP_A", client.Public())
		need(t, err)
		if first.ChallengeName != verifier || first.Session == nil {
			t.Fatalf("answer = %+v, want PASSWORD_VERIFIER with a session", first)
		}
		proof, err := client.Answer(first.ChallengeParameters, u.Password, now(p))
		need(t, err)
		next, err := reply(p, verifier, first.Session, u.Username, pairsOf(proof)...)
		need(t, err)
		if diff := cmp.Diff(map[string]string{"hint": "a number"}, next.ChallengeParameters); diff != "" {
			t.Errorf("ChallengeParameters (-want +got):\n%s", diff)
		}
		next, err = reply(p, customChallenge, next.Session, u.Username, "ANSWER", "one")
		need(t, err)
		last, err := reply(p, customChallenge, next.Session, u.Username, "ANSWER", "two")
		wantTokens(t, last, err)
	}},
	{"a wrong proof of the password ends a custom sign-in, and SRP_A must be there", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		client := srpclient.New(p.PoolID)
		first, err := beginCustom(p, u.Username, "CHALLENGE_NAME", "SRP_A", "SRP_A", client.Public())
		need(t, err)
		proof, err := client.Answer(first.ChallengeParameters, "Wrong-1234", now(p))
		need(t, err)
		_, err = reply(p, verifier, first.Session, u.Username, pairsOf(proof)...)
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		_, err = beginCustom(p, u.Username, "CHALLENGE_NAME", "SRP_A")
		wantError(t, err, "InvalidParameterException", "Missing required parameter SRP_A")
	}},
	{"functions see the rounds with their metadata", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		var last event
		u := p.NewUser(t)
		out, err := beginCustom(p, u.Username)
		need(t, err)
		onTrigger(t, p, fake.DefineAuthChallenge, func(e event) (event, error) {
			last = e
			return replying("failAuthentication", true)(e)
		})
		_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		want := []map[string]any{{"challengeName": "CUSTOM_CHALLENGE", "challengeResult": true, "challengeMetadata": "one"}}
		if diff := cmp.Diff(want, rounds(last)); diff != "" {
			t.Errorf("session (-want +got):\n%s", diff)
		}
	}},
	{"metadata of the initiation reaches no custom trigger, that of an answer each", func(t *testing.T, start Start) {
		p := start(t)
		riddles(t, p)
		u := p.NewUser(t)
		out, err := p.Client().InitiateAuth(ctx, &cip.InitiateAuthInput{
			ClientId: &p.ClientID, AuthFlow: types.AuthFlowTypeCustomAuth, AuthParameters: map[string]string{"USERNAME": u.Username},
			ClientMetadata: map[string]string{"from": "here"},
		})
		need(t, err)
		seen := map[string]any{}
		for source, f := range map[fake.TriggerSource]func(event) (event, error){
			fake.VerifyAuthChallengeResponse: replying("answerCorrect", true), fake.DefineAuthChallenge: replying("challengeName", "CUSTOM_CHALLENGE"), fake.CreateAuthChallenge: replying(),
		} {
			onTrigger(t, p, source, func(e event) (event, error) {
				seen[string(source)] = e.part("request")["clientMetadata"]
				return f(e)
			})
		}
		_, err = p.Client().RespondToAuthChallenge(ctx, &cip.RespondToAuthChallengeInput{
			ClientId: &p.ClientID, ChallengeName: customChallenge, Session: out.Session, ClientMetadata: map[string]string{"from": "there"},
			ChallengeResponses: map[string]string{"USERNAME": u.Username, "ANSWER": "one"},
		})
		need(t, err)
		there := map[string]any{"from": "there"}
		want := map[string]any{"VerifyAuthChallengeResponse": there, "DefineAuthChallenge": there, "CreateAuthChallenge": there}
		if diff := cmp.Diff(want, seen); diff != "" {
			t.Errorf("clientMetadata (-want +got):\n%s", diff)
		}
		for _, i := range needFake(t, p, local).Invocations()[:2] {
			var e event
			decodeJSON(t, i.Event, &e)
			if got, there := e.part("request")["clientMetadata"]; there {
				t.Errorf("%s has clientMetadata %v of the initiation", i.Source, got)
			}
		}
	}},
	{"functions hear of an unknown user where the client hides who exists, and nobody gets tokens", func(t *testing.T, start Start) {
		p := start(t, hiding)
		riddles(t, p)
		out, err := beginCustom(p, "nobody")
		need(t, err)
		next, err := reply(p, customChallenge, out.Session, "nobody", "ANSWER", "one")
		need(t, err)
		_, err = reply(p, customChallenge, next.Session, "nobody", "ANSWER", "two")
		wantError(t, err, "NotAuthorizedException", "Incorrect username or password.")
		for _, i := range needFake(t, p, local).Invocations() {
			var e event
			decodeJSON(t, i.Event, &e)
			if e.part("request")["userNotFound"] != true || e["userName"] != "nobody" {
				t.Errorf("%s: userNotFound = %v of %v", i.Source, e.part("request")["userNotFound"], e["userName"])
			}
		}
		open := start(t)
		riddles(t, open)
		_, err = beginCustom(open, "nobody")
		wantError(t, err, "UserNotFoundException", "User does not exist.")
	}},
	{"a function that fails, or names no challenge, is told by its trigger", func(t *testing.T, start Start) {
		for source, name := range map[fake.TriggerSource]string{
			fake.DefineAuthChallenge: "DefineAuthChallenge", fake.CreateAuthChallenge: "CreateAuthChallenge", fake.VerifyAuthChallengeResponse: "VerifyAuthChallengeResponse",
		} {
			p := start(t)
			riddles(t, p)
			u := p.NewUser(t)
			out, err := beginCustom(p, u.Username)
			need(t, err)
			onTrigger(t, p, source, refusing("no"))
			_, err = reply(p, customChallenge, out.Session, u.Username, "ANSWER", "one")
			wantError(t, err, "UserLambdaValidationException", name+" failed with error no.")
		}
		p := start(t)
		riddles(t, p)
		every(t, p, fake.DefineAuthChallenge)
		_, err := beginCustom(p, p.NewUser(t).Username)
		wantError(t, err, "InvalidLambdaResponseException", "Unrecognizable lambda output")
	}},
}
