package inspector

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/golang-jwt/jwt/v5"
)

// token is what is told of a token.
type token struct {
	Kind         string
	Header       string
	Claims       []claim
	Findings     []finding
	PoolID, User string
}

// claim is a claim of a token. When is the time that a number of seconds means.
type claim struct {
	Name, Value string
	When        *time.Time
}

// finding is what was found out about a token.
type finding struct {
	Good bool
	Text string
}

// tokenPage is the page with the decoder; Token is nil where nothing was pasted.
type tokenPage struct{ Token *token }

// token decodes the token of a form.
func (i *inspector) token(r *http.Request) (view, error) {
	v := view{name: "token", title: "Token"}
	if r.Method != http.MethodPost {
		v.data = tokenPage{}
		return v, nil
	}
	text := compact(r.PostFormValue("token"))
	parts, err := decode(text)
	if err != nil {
		v.wrong, v.status = &fieldError{"token", err.Error()}, http.StatusUnprocessableEntity
		v.data = tokenPage{}
		return v, nil
	}
	v.data = tokenPage{i.examine(r.Context(), text, parts)}
	return v, nil
}

// compact removes what people paste around and within tokens.
func compact(text string) string {
	text = strings.Join(strings.Fields(text), "")
	return strings.Trim(strings.TrimPrefix(text, "Bearer"), `"',`)
}

// decoded is a token in its parts. Claims are nil where it is encrypted.
type decoded struct{ header, claims map[string]any }

// What the form wants.
const (
	wantToken  advice = "This is no token: it should be three parts of base64url with dots between them, or five for a refresh token."
	wantPasted advice = "Paste a token."
)

// decode reads the header and the claims of a token, and verifies nothing.
func decode(text string) (decoded, error) {
	var d decoded
	parts := strings.Split(text, ".")
	if text == "" {
		return d, wantPasted
	}
	if len(parts) != 3 && len(parts) != 5 {
		return d, wantToken
	}
	if err := decodePart(parts[0], &d.header); err != nil {
		return d, err
	}
	if len(parts) == 3 {
		return d, decodePart(parts[1], &d.claims)
	}
	return d, nil
}

func decodePart(part string, object *map[string]any) error {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return wantToken
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.UseNumber()
	if decoder.Decode(object) != nil || *object == nil {
		return wantToken
	}
	return nil
}

// text returns a claim that is a text, or "".
func (d decoded) text(name string) string {
	text, _ := d.claims[name].(string)
	return text
}

// examine tells of a token.
func (i *inspector) examine(ctx context.Context, text string, d decoded) *token {
	header, _ := json.MarshalIndent(d.header, "", "  ") // what was decoded can be encoded
	t := &token{Header: string(header)}
	if d.claims == nil {
		t.Kind = "Refresh token"
		t.Findings = []finding{{true, "It is encrypted: the pool that issued it alone can read it."}}
		return t
	}
	t.Kind = kindOf(d)
	t.Claims = claims(d)
	iss := d.text("iss")
	t.PoolID = iss[strings.LastIndexByte(iss, '/')+1:]
	t.Findings = append(t.Findings, i.checkSignature(text, t.PoolID))
	t.Findings = append(t.Findings, i.checkIssuer(iss, t.PoolID))
	t.Findings = append(t.Findings, i.checkExpiry(d))
	if name := d.text("username") + d.text("cognito:username"); i.has(ctx, t.PoolID, name) {
		t.User = name
	}
	if d.text("token_use") == "access" {
		t.Findings = append(t.Findings, i.tryOut(ctx, text))
	}
	return t
}

func kindOf(d decoded) string {
	switch d.text("token_use") {
	case "access":
		return "Access token"
	case "id":
		return "ID token"
	}
	return "Token of another kind"
}

// claims returns the claims in alphabetical order, with the times that they mean.
func claims(d decoded) []claim {
	var list []claim
	for _, name := range slices.Sorted(maps.Keys(d.claims)) {
		c := claim{Name: name}
		if text, ok := d.claims[name].(string); ok {
			c.Value = text
		} else {
			body, _ := json.Marshal(d.claims[name]) // what was decoded can be encoded
			c.Value = string(body)
		}
		if when, ok := d.when(name); ok && slices.Contains([]string{"exp", "iat", "nbf", "auth_time"}, name) {
			c.When = &when
		}
		list = append(list, c)
	}
	return list
}

// when returns the time that a claim means in seconds.
func (d decoded) when(name string) (time.Time, bool) {
	n, ok := d.claims[name].(json.Number)
	seconds, err := n.Float64()
	if !ok || err != nil || seconds < 0 || seconds > maxUnix {
		return time.Time{}, false
	}
	return time.Unix(int64(seconds), 0).UTC(), true
}

// maxUnix is the end of the year 9999.
const maxUnix = 253402300799

// checkSignature says whether a key of the pool that the token names has signed it.
func (i *inspector) checkSignature(text, poolID string) finding {
	keys, err := i.server.Keys(poolID)
	if err != nil {
		return finding{false, fmt.Sprintf("No pool here has the id %q, which the issuer ends with, so its signature cannot be checked.", poolID)}
	}
	parser := jwt.NewParser(jwt.WithoutClaimsValidation())
	if _, err := parser.Parse(text, keys.Keyfunc); err != nil {
		return finding{false, "Its signature is not that of a key of pool " + poolID + " today: " + err.Error() + "."}
	}
	return finding{true, "It is signed with a key of pool " + poolID + "."}
}

// checkIssuer says whether this server's tokens name such an issuer.
func (i *inspector) checkIssuer(iss, poolID string) finding {
	if want := i.server.Issuer(poolID); iss != want {
		return finding{false, fmt.Sprintf("Its issuer is %q; that of this server's tokens would be %s.", iss, want)}
	}
	return finding{true, "Its issuer is this server's."}
}

// checkExpiry says whether the token is good still, by the server's clock.
func (i *inspector) checkExpiry(d decoded) finding {
	expires, ok := d.when("exp")
	if !ok {
		return finding{false, "It says not when it expires."}
	}
	if left := expires.Sub(i.server.Now()); left > 0 {
		return finding{true, "It expires in " + span(left) + ", on the server's clock."}
	} else {
		return finding{false, "It expired " + span(left) + " ago, on the server's clock."}
	}
}

// tryOut says whether the service takes an access token, such as one that was revoked.
func (i *inspector) tryOut(ctx context.Context, text string) finding {
	if _, err := i.server.API().GetUser(ctx, &cip.GetUserInput{AccessToken: &text}); err != nil {
		return finding{false, "GetUser refuses it: " + said(err)}
	}
	return finding{true, "GetUser takes it."}
}

// has reports whether a pool has a user.
func (i *inspector) has(ctx context.Context, poolID, name string) bool {
	_, err := i.server.API().AdminGetUser(ctx, &cip.AdminGetUserInput{UserPoolId: &poolID, Username: &name})
	return err == nil
}
