package fake

import (
	"cmp"
	"context"
	"net/http"

	"github.com/cognitotest/cognito/fake/internal/oauth"
	"github.com/cognitotest/cognito/fake/internal/pool"
	"github.com/cognitotest/cognito/fake/internal/trigger"
)

// serveDomain answers a request to an endpoint of a pool's domain.
func (s *Server) serveDomain(w http.ResponseWriter, r *http.Request, request *oauth.Request) {
	x := exchange{Call: Call{
		Operation: request.Path(), At: s.clock.Now().Round(0), Region: cmp.Or(regionOfPool(request.PoolID()), s.config.Region),
		UserPoolID: request.PoolID(), ClientID: request.ClientID(), Username: request.Username(),
	}}
	if p, err := s.store.Pool(x.UserPoolID, ""); err == nil {
		x.Username = storedUsername(p, x.Username)
	}
	ctx := trigger.WithOrigin(r.Context(), origin(r))
	answer := s.answerDomain(ctx, &x, request)
	x.Err = cmp.Or(x.instead, answer.Err)
	s.calls.add(x.Call)
	answer.Write(x.writer(w), s.random.UUID())
}

// answerDomain answers a request to a domain, unless its rate or a fault prevents it.
func (s *Server) answerDomain(ctx context.Context, x *exchange, request *oauth.Request) (answer oauth.Answer) {
	if q, counts := quotaAt(x.Call, request.Form()); counts {
		if err := s.throttle.take(q, x.At); err != nil {
			return request.Refuse(err)
		}
	}
	s.meet(ctx, x, func() (any, error) {
		answer = request.Answer(ctx)
		return nil, answer.Err
	})
	if x.prevents() {
		answer = request.Refuse(x.instead)
	}
	return answer
}

// DomainURL returns where the OAuth 2.0 endpoints and login pages of a pool are, without a final slash: the
// server's own URL where tokens name that as their issuer, and else https and the host name of the pool's domain,
// its own before a prefix. The error is the service's for a pool that does not exist, and for one that has no
// domain.
func (s *Server) DomainURL(poolID string) (string, error) {
	p, err := s.store.Pool(poolID, "")
	if err != nil {
		return "", err
	}
	url := s.domainURL(p)
	if url == "" {
		return "", pool.DomainNotFound()
	}
	return url, nil
}

// domainURL returns where the endpoints of a pool's domain are, or "" where it has none.
func (s *Server) domainURL(p *pool.Pool) string {
	p.Lock()
	domains := p.DomainsLocked()
	p.Unlock()
	switch {
	case len(domains) == 0:
		return ""
	case s.URL() != "" && !s.config.AWSIssuer && s.config.Issuer == "":
		return s.URL()
	}
	return "https://" + domains[0].Host(p.Region)
}

// discovery is the OpenID provider configuration of a pool. A pool without a domain has no OAuth endpoints to name
// (inferred).
func (s *Server) discovery(p *pool.Pool) map[string]any {
	issuer := s.tokens.URL(p)
	document := map[string]any{
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"issuer":                                issuer,
		"jwks_uri":                              issuer + "/.well-known/jwks.json",
		"response_types_supported":              []string{"code", "token"},
		"scopes_supported":                      []string{"openid", "email", "phone", "profile"},
		"subject_types_supported":               []string{"public"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post"},
	}
	if domain := s.domainURL(p); domain != "" {
		document["authorization_endpoint"] = domain + "/oauth2/authorize"
		document["token_endpoint"] = domain + "/oauth2/token"
		document["userinfo_endpoint"] = domain + "/oauth2/userInfo"
		document["end_session_endpoint"] = domain + "/logout" // inferred, as the next
		document["revocation_endpoint"] = domain + "/oauth2/revoke"
	}
	return document
}
