package inspector_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"golang.org/x/net/html"

	"github.com/cognitotest/cognito/fake"
	"github.com/cognitotest/cognito/fake/cmd/fakecognito/internal/inspector"
)

const (
	base     = "http://127.0.0.1:9229"
	password = "Correct-Horse-7"
)

// site is the pages of a server with a pool.
type site struct {
	*testing.T
	server           *fake.Server
	pages            http.Handler
	poolID, clientID string
}

// newSite returns the pages of a server without pools.
func newSite(t *testing.T) *site {
	server := fake.NewServer(fake.Config{Issuer: base})
	t.Cleanup(func() { server.Close() })
	return &site{T: t, server: server, pages: inspector.New(server, inspector.Options{URL: base})}
}

// newPool returns the pages of a server with a pool, in which ann has signed up.
func newPool(t *testing.T) *site {
	s := newSite(t)
	p, err := s.server.API().CreateUserPool(t.Context(), &cip.CreateUserPoolInput{
		PoolName: aws.String("customers"), AutoVerifiedAttributes: []types.VerifiedAttributeType{types.VerifiedAttributeTypeEmail},
		DeviceConfiguration: &types.DeviceConfigurationType{},
	})
	s.must(err)
	s.poolID = *p.UserPool.Id
	c, err := s.server.API().CreateUserPoolClient(t.Context(), &cip.CreateUserPoolClientInput{
		UserPoolId: &s.poolID, ClientName: aws.String("web"),
		ExplicitAuthFlows: []types.ExplicitAuthFlowsType{types.ExplicitAuthFlowsTypeAllowUserPasswordAuth, types.ExplicitAuthFlowsTypeAllowRefreshTokenAuth},
	})
	s.must(err)
	s.clientID = *c.UserPoolClient.ClientId
	_, err = s.server.API().CreateGroup(t.Context(), &cip.CreateGroupInput{UserPoolId: &s.poolID, GroupName: aws.String("admins"), Description: aws.String("All of them")})
	s.must(err)
	s.signUp("ann")
	_, err = s.server.API().AdminAddUserToGroup(t.Context(), &cip.AdminAddUserToGroupInput{UserPoolId: &s.poolID, Username: aws.String("ann"), GroupName: aws.String("admins")})
	s.must(err)
	return s
}

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// sdk returns a client whose calls go over HTTP.
func (s *site) sdk() *cip.Client {
	return cip.New(cip.Options{
		Region: "us-east-1", BaseEndpoint: aws.String("http://fake.test"), HTTPClient: &http.Client{Transport: s.server},
		RetryMaxAttempts: 1,
	})
}

// signUp signs somebody up over HTTP, whose e-mail address is the name at example.com.
func (s *site) signUp(name string) {
	s.Helper()
	_, err := s.sdk().SignUp(s.Context(), &cip.SignUpInput{
		ClientId: &s.clientID, Username: &name, Password: aws.String(password),
		UserAttributes: []types.AttributeType{{Name: aws.String("email"), Value: aws.String("person@example.com")}, {Name: aws.String("name"), Value: &name}},
	})
	s.must(err)
}

// confirm confirms ann.
func (s *site) confirm() {
	s.Helper()
	_, err := s.server.API().AdminConfirmSignUp(s.Context(), &cip.AdminConfirmSignUpInput{UserPoolId: &s.poolID, Username: aws.String("ann")})
	s.must(err)
}

// signIn signs ann in, over HTTP.
func (s *site) signIn() (*types.AuthenticationResultType, error) {
	out, err := s.sdk().InitiateAuth(s.Context(), &cip.InitiateAuthInput{
		ClientId: &s.clientID, AuthFlow: types.AuthFlowTypeUserPasswordAuth, AuthParameters: map[string]string{"USERNAME": "ann", "PASSWORD": password},
	})
	if err != nil {
		return nil, err
	}
	return out.AuthenticationResult, nil
}

// request asks for a page below the inspector's path. A form makes it a POST from the page itself.
func request(path string, form url.Values) *http.Request {
	if form == nil {
		return httptest.NewRequest(http.MethodGet, base+inspector.Path+path, nil)
	}
	r := httptest.NewRequest(http.MethodPost, base+inspector.Path+path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (s *site) do(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	return w
}

// get returns a page that must be there.
func (s *site) get(path string) *page {
	s.Helper()
	return s.page(s.do(request(path, nil)), http.StatusOK)
}

// post sends a form and returns the page that comes after.
func (s *site) post(path string, pairs ...string) *page {
	s.Helper()
	w := s.do(request(path, values(pairs)))
	if w.Code != http.StatusSeeOther {
		s.Fatalf("POST %s %v: status %d, want a redirect\n%s", path, pairs, w.Code, w.Body)
	}
	return s.page(s.do(httptest.NewRequest(http.MethodGet, base+w.Header().Get("Location"), nil)), http.StatusOK)
}

// wantRefused sends a form that is wrong, and wants a text at a field, which keeps what was filled in.
func (s *site) wantRefused(path, field, text string, pairs ...string) {
	s.Helper()
	form := values(pairs)
	p := s.page(s.do(request(path, form)), http.StatusUnprocessableEntity)
	if got := p.text("#" + field + "-wrong"); !strings.Contains(got, text) {
		s.Errorf("POST %s %v: %q at %s, want %q", path, pairs, got, field, text)
	}
	input := p.find("#" + field)
	if input == nil || attribute(input, "aria-invalid") != "true" || !strings.Contains(attribute(input, "aria-describedby"), field+"-wrong") || attribute(input, "value") != form.Get(field) {
		s.Errorf("POST %s %v: the field %s does not hold its value and lead to its error", path, pairs, field)
	}
}

func values(pairs []string) url.Values {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

// page is a page that was read.
type page struct {
	*testing.T
	root *html.Node
}

// page reads a page and checks what must hold for all.
func (s *site) page(w *httptest.ResponseRecorder, status int) *page {
	s.Helper()
	if w.Code != status {
		s.Fatalf("status %d, want %d\n%s", w.Code, status, w.Body)
	}
	root, err := html.Parse(w.Body)
	s.must(err)
	p := &page{s.T, root}
	p.wantUsable()
	return p
}

// all returns the elements that a function keeps, in order.
func (p *page) all(keep func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for n := range p.root.Descendants() {
		if n.Type == html.ElementNode && keep(n) {
			found = append(found, n)
		}
	}
	return found
}

// find returns the first element of an id, "#id", or of a name, or nil.
func (p *page) find(selector string) *html.Node {
	id, byID := strings.CutPrefix(selector, "#")
	found := p.all(func(n *html.Node) bool { return byID && attribute(n, "id") == id || !byID && n.Data == selector })
	if len(found) == 0 {
		return nil
	}
	return found[0]
}

// text returns the text of an element, with single blanks, or "" where there is none.
func (p *page) text(selector string) string {
	if n := p.find(selector); n != nil {
		return textOf(n)
	}
	return ""
}

// want checks that texts stand in an element.
func (p *page) want(selector string, texts ...string) {
	p.Helper()
	got := p.text(selector)
	for _, text := range texts {
		if !strings.Contains(got, text) {
			p.Errorf("%s is %q, want %q in it", selector, got, text)
		}
	}
}

func textOf(n *html.Node) string {
	var text []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			text = append(text, d.Data)
		}
	}
	return strings.Join(strings.Fields(strings.Join(text, " ")), " ")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// wantUsable checks what people need who cannot see the page: a title, one heading of the first level and
// none left out below, a label for each input, a caption for each table, and ids that are unique.
func (p *page) wantUsable() {
	p.Helper()
	ids, labels, level := map[string]bool{}, map[string]bool{}, 0
	for _, n := range p.all(func(n *html.Node) bool { return n.Data == "label" }) {
		labels[attribute(n, "for")] = true
	}
	for _, n := range p.all(func(*html.Node) bool { return true }) {
		id := attribute(n, "id")
		if id != "" && ids[id] {
			p.Errorf("two elements have id %q", id)
		}
		ids[id] = true
		switch n.Data {
		case "input", "select", "textarea":
			if attribute(n, "type") != "hidden" && !labels[id] {
				p.Errorf("field %q has no label", attribute(n, "name"))
			}
		case "h1", "h2", "h3", "h4":
			now := int(n.Data[1] - '0')
			if now > level+1 || now == 1 && level > 0 {
				p.Errorf("heading %q of level %d follows level %d", textOf(n), now, level)
			}
			level = now
		case "table":
			if first := n.FirstChild.NextSibling; first == nil || first.Data != "caption" {
				p.Error("a table has no caption")
			}
		}
	}
	if level == 0 || p.text("title") == "" || attribute(p.find("html"), "lang") != "en" {
		p.Error("a page without title, language or heading")
	}
	p.wantReferences(ids)
}

// wantReferences checks that references within the page lead somewhere.
func (p *page) wantReferences(ids map[string]bool) {
	p.Helper()
	for _, n := range p.all(func(*html.Node) bool { return true }) {
		for _, name := range []string{"aria-labelledby", "aria-describedby", "list", "for"} {
			for _, id := range strings.Fields(attribute(n, name)) {
				if !ids[id] {
					p.Errorf("%s leads to %q, which is not there", name, id)
				}
			}
		}
		if to, ok := strings.CutPrefix(attribute(n, "href"), "#"); ok && !ids[to] {
			p.Errorf("a link leads to #%s, which is not there", to)
		}
		if to := attribute(n, "href") + attribute(n, "src") + attribute(n, "action"); to != "" && !strings.HasPrefix(to, inspector.Path) && !strings.HasPrefix(to, "#") {
			p.Errorf("a link leads to %q, outside the inspector", to)
		}
	}
}

// linkNamed returns where the first link of a text leads.
func (p *page) linkNamed(text string) string {
	p.Helper()
	links := p.all(func(n *html.Node) bool { return n.Data == "a" && textOf(n) == text })
	if len(links) == 0 {
		p.Fatalf("no link %q in %q", text, p.text("main"))
	}
	return strings.TrimPrefix(attribute(links[0], "href"), inspector.Path)
}

// hasButton reports whether a form has a button with a value.
func (p *page) hasButton(value string) bool {
	return slices.ContainsFunc(p.all(func(n *html.Node) bool { return n.Data == "button" }), func(n *html.Node) bool { return attribute(n, "value") == value })
}
