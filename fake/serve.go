package fake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"github.com/cognitotest/cognito/fake/internal/api"
	"github.com/cognitotest/cognito/fake/internal/constraint"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
	"github.com/cognitotest/cognito/fake/internal/wire"
)

// maxBody is the size over which a request is refused: twice the 2 MB that the service documents
// for its largest request.
const maxBody = 4 << 20

// ServeHTTP answers the JSON API at POST / and, for each pool, /<pool id>/.well-known/jwks.json and
// /<pool id>/.well-known/openid-configuration, and for each pool that has a domain its OAuth 2.0 endpoints and
// login pages. It panics with [http.ErrAbortHandler] where a [Fault]
// ends the connection, which an [http.Server] does then.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	poolID, document, wellKnown := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/.well-known/")
	switch {
	case wellKnown && (r.Method == http.MethodGet || r.Method == http.MethodHead):
		s.serveWellKnown(w, r, poolID, document)
	case r.URL.Path == "/" && r.Method == http.MethodOptions:
		wire.WritePreflight(w)
	case r.URL.Path == "/" && r.Method == http.MethodPost:
		s.serveOperation(w, r)
	default:
		if request, ok := s.oauth.Read(r); ok {
			s.serveDomain(w, r, request)
			return
		}
		s.config.Logf("cognitotest: nothing answers %s %s", r.Method, r.URL.Path)
		wire.WriteNotFoundXML(w, s.random.UUID())
	}
}

// exchange is a request on its way through the server.
type exchange struct {
	Call
	trouble
}

// serveOperation answers one call of the JSON API.
func (s *Server) serveOperation(w http.ResponseWriter, r *http.Request) {
	id := s.random.UUID()
	if mediaType, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); mediaType != wire.ContentType {
		s.config.Logf("cognitotest: a call with Content-Type %q; the service wants %s", r.Header.Get("Content-Type"), wire.ContentType)
		wire.WriteNotFoundXML(w, id)
		return
	}
	x := exchange{Call: Call{At: s.clock.Now().Round(0)}} // wall time alone, so that calls compare
	out, err := s.operate(r, &x)
	x.Output, x.Err = out, cmp.Or(x.instead, err)
	if x.Operation != "" {
		s.calls.add(x.Call)
	}
	w = x.writer(w)
	if err != nil {
		s.logUnhandled(r, err)
		wire.WriteError(w, id, err)
		return
	}
	body, err := wire.Encode(out)
	if err != nil {
		wire.WriteError(w, id, err)
		return
	}
	wire.WriteOutput(w, id, body)
}

// operate runs a call in the service's order: target, signature, JSON, constraints, request rate, and
// then the operation.
func (s *Server) operate(r *http.Request, x *exchange) (any, error) {
	name, ok := wire.Operation(r.Header.Get("X-Amz-Target"))
	op, known := api.Lookup(name)
	if !ok || !known {
		return nil, wire.UnknownOperation()
	}
	x.Operation = name
	if err := authorise(r, op, &x.Call); err != nil {
		return nil, err
	}
	ctx := trigger.WithOrigin(withRegion(r.Context(), x.Region), origin(r))
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxBody))
	if err != nil {
		return nil, bodyError(err)
	}
	in := op.NewInput()
	if err := wire.Decode(body, in); err != nil {
		return nil, err
	}
	x.Input = in
	s.identify(&x.Call)
	if err := constraint.Check(name, in); err != nil {
		return nil, err
	}
	if err := s.throttle.take(quotaOf(x.Call), x.At); err != nil {
		return nil, err
	}
	s.findDeprecated(in)
	return s.meet(ctx, x, func() (any, error) { return s.api.Call(ctx, name, in) })
}

// meet runs what a request asks for, unless a fault prevents it.
func (s *Server) meet(ctx context.Context, x *exchange, do func() (any, error)) (any, error) {
	x.trouble = s.strike(ctx, x.Call)
	if x.prevents() {
		return nil, x.instead
	}
	return do()
}

// origin returns where a request comes from, and how its client calls itself: SDKs in browsers, which send
// a User-Agent of their own, say it in another header.
func origin(r *http.Request) trigger.Origin {
	ip, _, _ := net.SplitHostPort(r.RemoteAddr) // none in memory
	return trigger.Origin{UserAgent: cmp.Or(r.Header.Get("X-Amz-User-Agent"), r.Header.Get("User-Agent")), IP: ip}
}

func bodyError(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return &wire.SerializationError{Message: "Request too large"}
	}
	return err
}

// logUnhandled tells the test's author about calls that no code answers.
func (s *Server) logUnhandled(r *http.Request, err error) {
	var missing *pool.NotSimulated
	switch {
	case errors.As(err, &missing):
		s.find(missing.ErrorMessage())
	case errors.As(err, new(*wire.SerializationError)):
		s.config.Logf("cognitotest: %s: %v", r.Header.Get("X-Amz-Target"), err)
	case wire.IsUnknownOperation(err):
		s.config.Logf("cognitotest: no operation answers X-Amz-Target %q", r.Header.Get("X-Amz-Target"))
	}
}

// scope is what a signature of version 4 says for whom and where it is good.
type scope struct{ accessKeyID, region, service string }

// credentialScope reads the scope from the Authorization header of a signature of version 4, where it
// stands in Credential=<access key id>/<date>/<region>/<service>/aws4_request.
func credentialScope(header string) (scope, bool) {
	rest, signed := strings.CutPrefix(header, "AWS4-HMAC-SHA256 ")
	_, rest, named := strings.Cut(rest, "Credential=")
	credential, _, _ := strings.Cut(rest, ",")
	parts := strings.Split(strings.TrimSpace(credential), "/")
	if !signed || !named || len(parts) != 5 || parts[4] != "aws4_request" || slices.Contains(parts, "") {
		return scope{}, false
	}
	return scope{accessKeyID: parts[0], region: parts[2], service: parts[3]}, true
}

// authorise checks that a signed operation came with a signature and takes the region from its
// credential scope. The signature itself is not verified: any key signs. Operations that need none
// ignore it, and take the region from the host where that is the service's.
func authorise(r *http.Request, op api.Operation, c *Call) error {
	header := r.Header.Get("Authorization")
	by, ok := credentialScope(header)
	c.AccessKeyID = by.accessKeyID
	if !op.Signed {
		c.Region = regionOfHost(r.Host)
		return nil
	}
	switch {
	case header == "":
		return wire.MissingAuthenticationToken()
	case !ok:
		return wire.IncompleteSignature()
	case by.service != "cognito-idp":
		return wire.WrongService()
	}
	c.Region = by.region
	return nil
}

func withRegion(ctx context.Context, region string) context.Context {
	if region == "" {
		return ctx
	}
	return api.WithRegion(ctx, region)
}

// regionOfHost returns the region that a host name of the service names, or "".
func regionOfHost(host string) string {
	for _, prefix := range []string{"cognito-idp.", "cognito-idp-fips."} {
		if rest, ok := strings.CutPrefix(host, prefix); ok {
			region, _, _ := strings.Cut(rest, ".amazonaws.com")
			return region
		}
	}
	return ""
}

// regionOfPool returns the region that a pool id begins with.
func regionOfPool(id string) string {
	region, _, _ := strings.Cut(id, "_")
	return region
}

// serveWellKnown answers a pool's keys and its discovery document.
func (s *Server) serveWellKnown(w http.ResponseWriter, r *http.Request, poolID, name string) {
	x := exchange{Call: Call{At: s.clock.Now().Round(0), UserPoolID: poolID, Region: regionOfPool(poolID)}}
	switch name {
	case "jwks.json":
		x.Operation = JWKS
	case "openid-configuration":
		x.Operation = Discovery
	default:
		s.config.Logf("cognitotest: pools have no document %q", name)
		wire.WriteNotFoundXML(w, s.random.UUID())
		return
	}
	document, err := s.meet(r.Context(), &x, func() (any, error) { return s.document(x.Call) })
	x.Err = cmp.Or(x.instead, err)
	s.calls.add(x.Call)
	w = x.writer(w)
	switch {
	case x.document != nil:
		x.document.ServeHTTP(w, r)
	case err != nil:
		wire.WriteError(w, s.random.UUID(), err)
	default:
		writeJSON(w, document)
	}
}

// document returns what a fetch is for.
func (s *Server) document(c Call) (any, error) {
	p, err := s.store.Pool(c.UserPoolID, "")
	if err != nil {
		s.config.Logf("cognitotest: nobody has user pool %q, whose %s was asked for", c.UserPoolID, c.Operation)
		return nil, err
	}
	if c.Operation == JWKS {
		return s.tokens.Keys(p).JWKS(), nil
	}
	return s.discovery(p), nil
}

func writeJSON(w http.ResponseWriter, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		wire.WriteError(w, "", err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Access-Control-Allow-Origin", "*")
	w.Write(body)
}
