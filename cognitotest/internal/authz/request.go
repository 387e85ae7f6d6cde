package authz

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Answer is what became of a request.
type Answer struct {
	Status    int
	Challenge []string // the values of WWW-Authenticate
	Gateway   bool     // whether a gateway writes the answer, so that its challenge is not the verifier's
	Why       string   // the status is what it is, where that is not plain
	Writes    []string // what was written of the body, one after the other
}

// Err is how a Verifier that sends requests says it: nil for 2xx, an error for 401 and 403, and
// [Misbehaviour] for any other status, which lets nobody in from 400 on.
func (a Answer) Err() error {
	switch {
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status == http.StatusUnauthorized || a.Status == http.StatusForbidden:
		return fmt.Errorf("%d %s", a.Status, http.StatusText(a.Status))
	}
	did := fmt.Sprintf("answers status %d %s where 2xx, 401 or 403 is due", a.Status, http.StatusText(a.Status))
	if a.Why != "" {
		did += " (" + a.Why + ")"
	}
	return &Misbehaviour{Did: did, Closed: a.Status >= 500}
}

// headerLimit is the size over which servers need not read a header field.
const headerLimit = 8 << 10

// ErrOf is Err for a request that carries this token. To what has other letters than credentials have, 400 is an
// answer, too (RFC 6750 section 3.1); to what is too large for a header, 400, 413 and 431 are (RFC 6585 section 5).
func (a Answer) ErrOf(token string) error {
	large := len(token) > headerLimit
	switch {
	case a.Status == http.StatusBadRequest && (large || !isCredential(token)),
		large && (a.Status == http.StatusRequestEntityTooLarge || a.Status == http.StatusRequestHeaderFieldsTooLarge):
		return fmt.Errorf("%d %s", a.Status, http.StatusText(a.Status))
	}
	return a.Err()
}

// isCredential reports whether a text has the form of b64token (RFC 6750 section 2.1).
func isCredential(text string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"
	text = strings.TrimRight(text, "=")
	return text != "" && strings.Trim(text, letters) == ""
}

// NewRequest returns a request with such Authorization headers.
func NewRequest(query string, authorization ...string) *http.Request {
	r := &http.Request{
		Method: http.MethodGet, URL: &url.URL{Path: "/", RawQuery: query}, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{"Accept": {"*/*"}}, Body: http.NoBody, Host: "api.example.com", RemoteAddr: "192.0.2.1:1234",
	}
	r.RequestURI = r.URL.RequestURI()
	if len(authorization) > 0 {
		r.Header["Authorization"] = authorization
	}
	return r
}

// requestCase is a rule with requests that carry a good token in a wrong way, or none.
type requestCase struct {
	Case
	malformed bool // so that 400 is an answer, too (RFC 6750 section 3.1)
	unusual   bool // so that all answers but 2xx are
	requests  func(good string) []request
}

type request struct {
	what string
	*http.Request
}

func requestCases() []requestCase {
	const sloppy = "what stands before the service and what stands in it disagree about who is calling"
	return []requestCase{
		{Case: Case{Name: "no-credentials", Rule: "answer 401 where there is no token (RFC 6750 section 3.1)", Cost: "anybody gets in, or clients do not learn that a token is wanted"},
			requests: func(string) []request { return []request{{"no Authorization header", NewRequest("")}} }},
		{Case: Case{Name: "bearer-malformed", Rule: "take Authorization for the scheme Bearer, a blank and one token (RFC 6750 section 2.1)", Cost: "one request takes the service down, or " + sloppy},
			malformed: true, requests: malformedBearer},
		{Case: Case{Name: "scheme", Rule: "take tokens of the scheme Bearer alone (RFC 9110 section 11)", Cost: sloppy},
			malformed: true, requests: otherSchemes},
		{Case: Case{Name: "authorization-twice", Rule: "refuse a request with several Authorization headers (RFC 9110 section 5.3; RFC 6750 section 2)", Cost: sloppy + ": one reads the first header, the other the last"},
			malformed: true, requests: twoHeaders},
		{Case: Case{Name: "query", Rule: "do not take tokens from the query (RFC 9700 section 4.3.2)", Cost: "tokens stand in logs, histories and Referer headers for others to use"},
			malformed: true, requests: inQuery},
		{Case: Case{Name: "methods", Rule: "ask for a token whatever the method is", Cost: "anybody gets in by another method"},
			unusual: true, requests: otherMethods},
		{Case: Case{Name: "other-headers", Rule: "believe no header but Authorization who is calling, unless its token is verified as well", Cost: "anybody sends the headers that a proxy in front is to set, and is whoever they say they are"},
			unusual: true, requests: otherHeaders},
	}
}

func malformedBearer(good string) []request {
	var all []request
	for _, value := range []string{"", "Bearer", "Bearer ", "Bearer  ", "Bearer " + good + " " + good, "Bearer " + good + ", Bearer " + good, "Bearer token=" + good, "Bearer" + good} {
		all = append(all, request{"Authorization: " + strings.ReplaceAll(value, good, "<token>"), NewRequest("", value)})
	}
	return all
}

func otherSchemes(good string) []request {
	var all []request
	for _, scheme := range []string{"Basic", "Digest", "Token", "JWT", "Bearer:", "DPoP"} {
		all = append(all, request{"Authorization: " + scheme + " <token>", NewRequest("", scheme+" "+good)})
	}
	return all
}

// forgedLike is a token that nobody has signed.
func forgedLike(good string) string { return good[:strings.LastIndexByte(good, '.')+1] + "AAAA" }

func twoHeaders(good string) []request {
	bad := "Bearer " + forgedLike(good)
	return []request{
		{"a good Authorization header and a forged one", NewRequest("", "Bearer "+good, bad)},
		{"a forged Authorization header and a good one", NewRequest("", bad, "Bearer "+good)},
	}
}

func inQuery(good string) []request {
	var all []request
	for _, name := range []string{"access_token", "id_token", "token", "jwt", "authorization", "Authorization"} {
		for _, form := range []string{"<token>", "Bearer <token>"} {
			value := strings.Replace(form, "<token>", good, 1)
			all = append(all, request{"query " + name + "=" + form, NewRequest(url.Values{name: {value}}.Encode())})
		}
	}
	return all
}

func otherMethods(string) []request {
	var all []request
	for _, method := range []string{http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		r := request{method + " without a token", NewRequest("")}
		r.Method = method
		all = append(all, r)
	}
	return all
}

// otherHeaders are what proxies pass on, as anybody may write it.
func otherHeaders(good string) []request {
	forged := forgedLike(good)
	var all []request
	for _, name := range []string{"X-Amzn-Oidc-Accesstoken", "X-Amzn-Oidc-Data", "X-Forwarded-Access-Token", "X-Access-Token", "X-Auth-Token", "Proxy-Authorization"} {
		r := request{name + ": a forged token", NewRequest("")}
		r.Header.Set(name, forged)
		all = append(all, r)
	}
	for _, name := range []string{"X-Amzn-Oidc-Identity", "X-Forwarded-User", "X-Remote-User", "X-User", "X-User-Id"} {
		r := request{name + ": a name", NewRequest("")}
		r.Header.Set(name, "administrator")
		all = append(all, r)
	}
	for _, name := range []string{"access_token", "id_token", "token", "jwt"} {
		r := request{"a cookie " + name + " with a forged token", NewRequest("")}
		r.AddCookie(&http.Cookie{Name: name, Value: forged})
		all = append(all, r)
	}
	return all
}

// requestTrials are the cases for verifiers that see requests.
func (s *Suite) requestTrials() []trial {
	var all []trial
	for _, c := range requestCases() {
		all = append(all, trial{"request/" + c.Name, func(t T) { t.Helper(); s.mustRefuseRequest(t, c) }})
	}
	return append(all,
		trial{"request/handler", func(t T) { t.Helper(); s.mustStop(t) }},
		trial{"request/challenge", func(t T) { t.Helper(); s.mustChallenge(t) }},
		trial{"advice/request", func(t T) { t.Helper(); s.adviseRequest(t) }},
	)
}

// anyGood is a token that is accepted.
func (w *World) anyGood() string { return w.Genuine[w.Uses[0]] }

func (s *Suite) mustRefuseRequest(t T, c requestCase) {
	t.Helper()
	var found findings
	for _, r := range c.requests(s.World.anyGood()) {
		a, trouble := s.send(r.Request)
		v := verdict{err: a.Err(), trouble: trouble}
		switch {
		case trouble != "":
			found.add(trouble, r.what)
		case v.err == nil:
			found.add("accepts a request that it must refuse", r.what)
		case c.unusual, c.malformed && a.Status == http.StatusBadRequest:
		case v.judged().trouble != "":
			found.add(v.judged().trouble, r.what)
		}
	}
	found.report(t, c.Rule, c.Cost)
}

// send sends a request as ask asks about a token.
func (s *Suite) send(r *http.Request) (Answer, string) {
	answer := make(chan Answer, 1)
	v := s.ask(func(string) error { answer <- s.Send(r); return nil }, "")
	if v.trouble != "" {
		return Answer{}, v.trouble
	}
	return <-answer, ""
}

// mustStop asks whether the handler runs for a request that is refused: the answer then ends as that to a good token.
func (s *Suite) mustStop(t T) {
	t.Helper()
	var found findings
	good := s.World.anyGood()
	served, _ := s.send(NewRequest("", "Bearer "+good))
	if served.Err() != nil {
		return
	}
	for _, r := range []request{{"no Authorization header", NewRequest("")}, {"a forged token", NewRequest("", "Bearer "+forgedLike(good))}} {
		if a, trouble := s.send(r.Request); trouble == "" && a.Err() != nil && a.goesOn(served) {
			found.add(fmt.Sprintf("answers %d, and then what it answers to a good token", a.Status), r.what)
		}
	}
	found.report(t, "do not run the handler of a request that is refused: return after http.Error", "who is refused gets the answer all the same, and what the request asked for is done")
}

// goesOn reports whether an answer ends with all that was written in another, which is more than {}.
func (a Answer) goesOn(other Answer) bool {
	before := len(a.Writes) - len(other.Writes)
	return before >= 0 && slices.Equal(a.Writes[before:], other.Writes) && len(strings.Join(other.Writes, "")) > len("{}\n")
}

// mustChallenge asks for the header that tells clients how to do better.
func (s *Suite) mustChallenge(t T) {
	t.Helper()
	var found findings
	for _, r := range []request{{"no Authorization header", NewRequest("")}, {"a token that is none", NewRequest("", "Bearer x.y.z")}} {
		a, trouble := s.send(r.Request)
		switch {
		case trouble != "":
			found.add(trouble, r.what)
		case a.Status == http.StatusUnauthorized && !a.Gateway && !slices.ContainsFunc(a.Challenge, isBearer):
			found.add(fmt.Sprintf("answers 401 with WWW-Authenticate %q", a.Challenge), r.what)
		}
	}
	found.report(t, "send WWW-Authenticate: Bearer with every 401 (RFC 9110 section 15.5.2, RFC 6750 section 3)", "clients do not learn that a new token would help")
}

func isBearer(challenge string) bool {
	scheme, _, _ := strings.Cut(challenge, " ")
	return strings.EqualFold(scheme, "Bearer")
}

// adviseRequest tells of requests that a verifier may take as it likes.
func (s *Suite) adviseRequest(t T) {
	t.Helper()
	var found findings
	for _, advice := range []struct {
		value, text string
		accepted    bool // tell where it is
	}{
		{"<token>", "want the scheme Bearer (RFC 6750 section 2.1)\n    since:  clients that work here do not work elsewhere", true},
		{"bearer <token>", "compare the scheme without case (RFC 9110 section 11.1)\n    since:  clients that work elsewhere do not work here", false},
	} {
		a, trouble := s.send(NewRequest("", strings.ReplaceAll(advice.value, "<token>", s.World.anyGood())))
		if trouble != "" {
			found.add(trouble, "Authorization: "+advice.value)
		} else if (a.Err() == nil) == advice.accepted {
			t.Logf("%s: Authorization: %s\n    advice: %s", map[bool]string{true: "accepted", false: "refused"}[advice.accepted], advice.value, advice.text)
		}
	}
	found.report(t, answerAll, costOfSilence)
}
