package backendtest

import (
	"context"
	"encoding/json"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/golang-jwt/jwt/v5"

	"github.com/cognitotest/cognito/cognitotest"
	"github.com/cognitotest/cognito/fake"
)

// partnership is an application whose users come from a partner: ann, who is 123 there.
type partnership struct {
	*application
	partner *stranger
}

// annAtPartner is ann's username once she has come.
const annAtPartner = "Partner_123"

func newPartnership(t *testing.T, start Start, opts ...cognitotest.Option) *partnership {
	t.Helper()
	s := partner(partnerTokens(jwt.MapClaims{"email_verified": true, "given_name": "Ann"}))
	with := func(t *testing.T, more ...cognitotest.Option) *cognitotest.Provider {
		return start(t, append(opts, more...)...)
	}
	return &partnership{guests(t, with, s, mapping(oidc("Partner", oidcDetails()), details{
		"email": "email", "email_verified": "email_verified", "given_name": "given_name",
	})), s}
}

// visit signs ann in, in a browser of her own, and returns where that leads.
func (a *partnership) visit(t *testing.T) webAnswer {
	t.Helper()
	return a.arrive(a.newBrowser(t))
}

func (a *partnership) arrive(b *browser) webAnswer {
	b.t.Helper()
	return b.open("/oauth2/idpresponse", comeBack(b.depart(), "code", "c-1"))
}

// wantTold compares what the application hears of a sign-in that failed.
func wantTold(t *testing.T, got webAnswer, message string) {
	t.Helper()
	wantRedirect(t, got, callback+"?error_description="+url.QueryEscape(message)+"&state=a+state&error=invalid_request")
}

// exists reports whether the pool has a user of a name.
func exists(p *cognitotest.Provider, name string) bool {
	return fail(p.Client().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &p.PoolID, Username: &name})) == nil
}

// guestTriggers are the functions of a sign-in at a provider, and what is left of one that fails.
var guestTriggers = []struct {
	trigger fake.TriggerSource
	last    string // the source
	later   bool   // whether it is asked at later sign-ins
	stays   bool   // whether the first sign-in leaves the user
}{
	{fake.InboundFederation, "InboundFederation_ExternalProvider", true, false},
	{fake.PreSignUp, "PreSignUp_ExternalProvider", false, false},
	{fake.PostConfirmation, "PostConfirmation_ConfirmSignUp", false, true},
	{fake.PreTokenGenerationV3, hostedToken, true, true},
	{fake.PreAuthentication, preAuth, true, true},
	{fake.PostAuthentication, postAuth, true, true},
}

var guestFunctions = []Behaviour{
	{"what inbound federation answers takes the place of what the provider tells, if it is an object of texts", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why      string
			response any
			want     map[string]string // attributes of ann, or nil where the answer is unusable
		}{
			{"a full answer", fields{"userAttributesToMap": fields{"sub": "123", "given_name": "Anna"}}, details{"given_name": "Anna", "email": ""}},
			{"an empty object keeps all", fields{"userAttributesToMap": fields{}}, details{"given_name": "Ann", "email": "ann@example.com"}},
			{"null keeps all (inferred)", fields{"userAttributesToMap": nil}, details{"given_name": "Ann"}},
			{"no member keeps all (inferred)", fields{}, details{"given_name": "Ann"}},
			{"another case is another member", fields{"userattributestomap": fields{"sub": "9"}}, details{"given_name": "Ann"}},
			{"an empty text is no attribute", fields{"userAttributesToMap": fields{"sub": "123", "email": "", "given_name": "A"}}, details{"given_name": "A", "email": ""}},
			{"what is not mapped is ignored", fields{"userAttributesToMap": fields{"sub": "123", "family_name": "Lee", "custom:x": "y"}}, details{"family_name": ""}},
			{"a list", fields{"userAttributesToMap": []any{}}, nil},
			{"a text", fields{"userAttributesToMap": "sub"}, nil},
			{"a number in it", fields{"userAttributesToMap": fields{"sub": 123}}, nil},
			{"a flag in it", fields{"userAttributesToMap": fields{"sub": "123", "email_verified": true}}, nil},
			{"an object in it", fields{"userAttributesToMap": fields{"sub": "123", "name": fields{}}}, nil},
			{"a null response", nil, nil},
		} {
			part(t, row.why, func(t *testing.T) {
				a := newPartnership(t, start)
				onTrigger(t, a.provider, fake.InboundFederation, func(e event) (event, error) {
					e["response"] = row.response
					return e, nil
				})
				back := a.visit(t)
				if row.want == nil {
					wantTold(t, back, "Unrecognizable lambda output ")
					wantNobody(t, a.provider, annAtPartner)
					return
				}
				wantCallback(t, back)
				a.wantGuest(t, annAtPartner, row.want)
			})
		}
	}},
	{"an answer without the subject, or with an attribute that breaks the schema, signs nobody in", func(t *testing.T, start Start) {
		for _, mapped := range []fields{{"email": "ann@example.com"}, {"sub": ""}, {"sub": "123", "given_name": string(make([]byte, 3000))}} {
			a := newPartnership(t, start)
			onTrigger(t, a.provider, fake.InboundFederation, replying("userAttributesToMap", mapped))
			back := a.visit(t)
			if back.location == nil || back.location.Query().Get("error") != "invalid_request" {
				t.Errorf("answer = %d to %v", back.status, back.location)
			}
			wantNobody(t, a.provider, annAtPartner)
		}
	}},
	{"another subject of inbound federation is another account", func(t *testing.T, start Start) {
		a := newPartnership(t, start)
		onTrigger(t, a.provider, fake.InboundFederation, replying("userAttributesToMap", fields{"sub": "456"}))
		wantCallback(t, a.visit(t))
		wantStatus(t, a.provider, "Partner_456", types.UserStatusTypeExternalProvider)
		wantNobody(t, a.provider, annAtPartner)
	}},
	{"every function of a sign-in at a provider may call the pool that calls it", func(t *testing.T, start Start) {
		for _, row := range guestTriggers {
			for way, opts := range map[string][]cognitotest.Option{"socket": nil, "memory": {cognitotest.InMemory()}} {
				part(t, row.last+" "+way, func(t *testing.T) {
					a := newPartnership(t, start, opts...)
					need(t, fail(create(a.provider, "witness")))
					wantCallback(t, a.visit(t))
					if !row.later {
						a = newPartnership(t, start, opts...)
						need(t, fail(create(a.provider, "witness")))
					}
					onTrigger(t, a.provider, row.trigger, callingBack(a.provider, echo))
					wantCallback(t, a.visit(t))
					wantSame(t, "the function called back for", attribute(look(t, a.provider, "witness").UserAttributes, "nickname"), row.last)
				})
			}
		}
	}},
	{"the function of an app client that stands for itself may call the pool that calls it", func(t *testing.T, start Start) {
		p := start(t)
		need(t, fail(create(p, "witness")))
		onTrigger(t, p, fake.PreTokenGenerationV3, callingBack(p, echo))
		wantSame(t, "status", newMachine(t, p).newBrowser(t).asItself().status, 200)
		wantSame(t, "the function called back for", attribute(look(t, p, "witness").UserAttributes, "nickname"), "TokenGeneration_ClientCredentials")
	}},
	{"a function that fails is told to the application, and leaves what was done before", func(t *testing.T, start Start) {
		for _, row := range guestTriggers {
			part(t, row.last, func(t *testing.T) {
				a := newPartnership(t, start)
				onTrigger(t, a.provider, row.trigger, refusing("no"))
				b := a.newBrowser(t)
				back := a.arrive(b)
				if row.last == preAuth || row.last == postAuth { // which newcomers do not meet
					wantCallback(t, back)
					return
				}
				wantTold(t, back, row.trigger.Member()+" failed with error no. ")
				wantSame(t, "ann exists", exists(a.provider, annAtPartner), row.stays)
				if again := b.open("/oauth2/authorize", a.request()); again.location.Query().Has("code") {
					t.Error("the browser is signed in")
				}
				onTrigger(t, a.provider, row.trigger, echo)
				wantCallback(t, a.arrive(b))
			})
		}
	}},
	{"a function that fails at a later sign-in leaves the user, and what the provider tells only after pre authentication", func(t *testing.T, start Start) {
		for _, row := range guestTriggers {
			if !row.later {
				continue
			}
			part(t, row.last, func(t *testing.T) {
				a := newPartnership(t, start)
				wantCallback(t, a.visit(t))
				need(t, update(a.provider, annAtPartner, "given_name", "Old"))
				onTrigger(t, a.provider, row.trigger, refusing("no"))
				wantTold(t, a.visit(t), row.trigger.Member()+" failed with error no. ")
				want := "Ann" // inferred
				if row.last == preAuth || row.trigger == fake.InboundFederation {
					want = "Old"
				}
				a.wantGuest(t, annAtPartner, details{"given_name": want})
			})
		}
	}},
	{"a function of a sign-in at a provider that panics, answers nonsense or is not there is told to the application", func(t *testing.T, start Start) {
		for _, row := range guestTriggers[:4] {
			name := row.trigger.Member()
			for want, f := range map[string]handlerFunc{
				name + " failed with error out of cheese. ": func([]byte) ([]byte, error) { panic("out of cheese") },
				"Unrecognizable lambda output ":             func([]byte) ([]byte, error) { return []byte("null"), nil },
			} {
				a := newPartnership(t, start)
				need(t, needFake(t, a.provider, local).HandleTrigger(a.provider.PoolID, row.trigger, f))
				wantTold(t, a.visit(t), want)
			}
			a := newPartnership(t, start)
			need(t, needFake(t, a.provider, local).HandleTrigger(a.provider.PoolID, row.trigger, nil))
			wantTold(t, a.visit(t), name+" invocation failed due to error AccessDeniedException. ")
		}
	}},
	{"a function that hangs ends a sign-in at a provider after three times five seconds", func(t *testing.T, start Start) {
		needFake(t, start(t), local)
		for _, row := range guestTriggers {
			synctest.Test(t, func(t *testing.T) {
				a := newPartnership(t, start, cognitotest.InMemory())
				if row.last == preAuth || row.last == postAuth {
					wantCallback(t, a.visit(t))
				}
				hang(t, a.provider, row.trigger)
				began := time.Now()
				wantTold(t, a.visit(t), row.trigger.Member()+" invocation failed due to error Socket timeout while invoking Lambda function. ")
				wantSame(t, row.last+" took", time.Since(began), 15*time.Second)
			})
		}
	}},
	{"a function that hangs ends a sign-in at the domain, and a machine's, after three times five seconds", func(t *testing.T, start Start) {
		needFake(t, start(t), local)
		const late = " invocation failed due to error Socket timeout while invoking Lambda function."
		for _, trigger := range []fake.TriggerSource{fake.PreAuthentication, fake.PostAuthentication, fake.PreTokenGenerationV3} {
			synctest.Test(t, func(t *testing.T) {
				p := start(t, cognitotest.InMemory())
				a := newApplication(t, p)
				u := p.NewUser(t)
				hang(t, p, trigger)
				began := time.Now()
				wantPage(t, a.newBrowser(t).signIn(a.request(), u.Username, u.Password), 200, trigger.Member()+late)
				wantSame(t, string(trigger)+" took", time.Since(began), 15*time.Second)
			})
		}
		synctest.Test(t, func(t *testing.T) {
			p := start(t, cognitotest.InMemory())
			b := newMachine(t, p).newBrowser(t)
			hang(t, p, fake.PreTokenGenerationV3)
			began := time.Now()
			wantRefusal(t, b.asItself(), 400, `{"error":"invalid_request","error_description":"PreTokenGeneration`+late+`"}`)
			wantSame(t, "the machine's took", time.Since(began), 15*time.Second)
		})
	}},
	{"a provider that hangs is given up in virtual time", func(t *testing.T, start Start) {
		needFake(t, start(t), local)
		synctest.Test(t, func(t *testing.T) {
			a := newPartnership(t, start, cognitotest.InMemory())
			a.partner.fails["/token"] = errHangs
			began := time.Now()
			wantRedirect(t, a.visit(t), callback+"?error_description=Timeout+occurred+in+calling+IdP+token+endpoint&state=a+state&error=invalid_request")
			if took := time.Since(began); took <= 0 || took > time.Minute {
				t.Errorf("the sign-in took %v", took)
			}
		})
	}},
	{"a sign-in at a provider ends whose user, client or pool a function deletes", func(t *testing.T, start Start) {
		for _, row := range []struct {
			why     string
			trigger fake.TriggerSource
			remove  func(*partnership) error
			back    bool // whether ann has been here before
		}{
			{"the client, of a newcomer", fake.InboundFederation, (*partnership).deleteClient, false},
			{"the client, before the user is made", fake.PreSignUp, (*partnership).deleteClient, false},
			{"the pool", fake.InboundFederation, (*partnership).deletePool, false},
			{"the pool, of somebody who is back", fake.PreAuthentication, (*partnership).deletePool, true},
			{"the user who was made just now", fake.PostConfirmation, (*partnership).deleteAnn, false},
			{"the user who is back", fake.PreAuthentication, (*partnership).deleteAnn, true},
			{"the user takes the name first", fake.PreSignUp, func(a *partnership) error { return fail(create(a.provider, annAtPartner)) }, false},
		} {
			part(t, row.why, func(t *testing.T) {
				p := newPartnership(t, start)
				if row.back {
					wantCallback(t, p.visit(t))
				}
				onTrigger(t, p.provider, row.trigger, func(e event) (event, error) {
					if e["triggerSource"] == "PreSignUp_AdminCreateUser" {
						return e, nil
					}
					return e, row.remove(p)
				})
				back := p.visit(t)
				if back.location == nil || back.location.Query().Get("error") != "invalid_request" || back.location.Query().Get("error_description") == "" {
					t.Errorf("answer = %d to %v\n%s", back.status, back.location, back.body)
				}
			})
		}
	}},
	{"who comes from a provider is told to every function by the same name, with identities and status", func(t *testing.T, start Start) {
		a := newPartnership(t, start)
		for _, row := range guestTriggers {
			onTrigger(t, a.provider, row.trigger, echo)
		}
		wantCallback(t, a.visit(t))
		wantCallback(t, a.visit(t))
		for _, i := range needFake(t, a.provider, local).Invocations() {
			var e event
			need(t, i.Decode(&e))
			wantSame(t, string(i.Source)+" clientId", e.part("callerContext")["clientId"], any(a.ID))
			if i.Source == "InboundFederation_ExternalProvider" {
				wantSame(t, "userName", i.Username, "123")
				continue
			}
			wantSame(t, string(i.Source)+" userName", i.Username, annAtPartner)
			wantSame(t, string(i.Source)+" email_verified", e.attribute("email_verified"), "true")
			if i.Source == "PreSignUp_ExternalProvider" {
				continue
			}
			wantSame(t, string(i.Source)+" status", e.attribute("cognito:user_status"), "EXTERNAL_PROVIDER")
			var identities []map[string]any
			need(t, json.Unmarshal([]byte(e.attribute("identities")), &identities))
			wantSame(t, string(i.Source)+" userId", identities[0]["userId"], any("123"))
		}
		calls := needFake(t, a.provider, local).Invocations(fake.OfTrigger(fake.InboundFederation), fake.OfUser(a.provider.PoolID, "123"))
		wantSame(t, "calls of inbound federation", len(calls), 2)
	}},
}

// hanging is a function that does nothing until its time is up.
type hanging struct{}

// Invoke waits.
func (hanging) Invoke(c context.Context, e []byte) ([]byte, error) {
	<-c.Done()
	return e, c.Err()
}

// hang makes a pool call a function that does nothing until its time is up.
func hang(t *testing.T, p *cognitotest.Provider, source fake.TriggerSource) {
	t.Helper()
	need(t, needFake(t, p, local).HandleTrigger(p.PoolID, source, hanging{}))
}

func (a *partnership) deleteClient() error {
	return fail(a.provider.Client().DeleteUserPoolClient(ctx, &cip.DeleteUserPoolClientInput{UserPoolId: &a.provider.PoolID, ClientId: &a.ID}))
}

func (a *partnership) deletePool() error {
	return fail(a.provider.Client().DeleteUserPool(ctx, &cip.DeleteUserPoolInput{UserPoolId: &a.provider.PoolID}))
}

func (a *partnership) deleteAnn() error {
	return fail(a.provider.Client().AdminDeleteUser(ctx, &cip.AdminDeleteUserInput{UserPoolId: &a.provider.PoolID, Username: aws.String(annAtPartner)}))
}
