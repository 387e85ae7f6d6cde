package oauth

import (
	"bytes"
	"crypto/subtle"
	_ "embed"
	"html/template"
	"net/http"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// page is a login page. The service's own have the same paths, the same names of form fields and the same class
// names, which owners style them by (developer guide); its HTML was not copied.
type page struct {
	Title     string
	Error     string       // "" for none
	Note      string       // "" for none
	Secret    string       // to type into an authenticator app, "" for none
	App       template.URL // which opens the app with the secret
	Form      string       // the name of the form
	Action    string       // the URL that the form is sent to
	CSRF      string
	Fields    []field // none where the page has no form
	Submit    submit
	Other     submit // a second button, which needs no field filled in; without label for none
	OtherURL  string // the URL that the form is sent to by it
	Providers []link
	Links     []link
}

// field is an input of a form, or a choice of several.
type field struct {
	Name, ID, Label, Type, Autocomplete string
	Value                               string
	Options                             []option // of a choice, whose Type is radio
}

// option is one of a choice.
type option struct{ Value, Label string }

// hidden is a field that users do not see.
func hidden(name, value string) field { return field{Name: name, Type: "hidden", Value: value} }

// submit is the button of a form.
type submit struct{ Name, Label string }

// link leads elsewhere.
type link struct{ Link, Text string }

//go:embed pages/form.html
var formHTML string

var formTemplate = template.Must(template.New("form").Parse(formHTML))

// render writes a page.
func render(status int, p page) Answer {
	var body bytes.Buffer
	if err := formTemplate.Execute(&body, p); err != nil {
		panic(pool.Broken("writing a page: %v", err)) // the template and its data are ours
	}
	return html(status, body.Bytes())
}

// csrfCookie is the cookie whose value stands in the form of a page too.
const csrfCookie = "XSRF-TOKEN"

// show answers a page whose form is sent to the URL that it stands at.
func (r *Request) show(p page) Answer {
	p.CSRF, p.Action = r.store.Random.UUID(), r.url(r.Path(), r.query)
	if cookie, err := r.http.Cookie(csrfCookie); err == nil && cookie.Value != "" {
		p.CSRF = cookie.Value
	}
	answer := render(http.StatusOK, p)
	r.setCookie(answer, &http.Cookie{Name: csrfCookie, Value: p.CSRF})
	return answer
}

// showAgain answers a page whose form was filled in wrong.
func (r *Request) showAgain(p page, failed error) Answer {
	p.Error = messageOf(failed)
	answer := r.show(p)
	answer.Err = failed
	return answer
}

// genuine reports whether a form was sent by a page of the domain.
func (r *Request) genuine() bool {
	cookie, err := r.http.Cookie(csrfCookie)
	sent := r.form.Get("_csrf")
	return err == nil && sent != "" && subtle.ConstantTimeCompare([]byte(cookie.Value), []byte(sent)) == 1
}

// showError answers the page that a browser is sent to with an error.
func (r *Request) showError() Answer {
	text := requestedPage
	if r.query.Get("error") == "Invalid state" {
		text = "Invalid state"
	}
	return r.errorPage(invalidRequest(text))
}

// errorPage tells a user of an error.
func (r *Request) errorPage(err error) Answer {
	e := asOAuth(err)
	title := e.Description
	if title == "" {
		title = requestedPage
	}
	answer := render(e.Status, page{Title: title})
	answer.Err = err
	return answer
}
