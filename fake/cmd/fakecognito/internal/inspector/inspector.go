// Package inspector is the part of fakecognito that is for people: pages in a browser, below [Path], that
// show what a server has and has done, and change it.
//
// Pages show pools, app clients, users, groups, delivered messages with their codes, calls, and tokens;
// forms confirm, disable and delete users, inject faults and move the clock. They work through the public
// API of package fake, so that whatever a page changes is an operation of the service, and what the service
// refuses stands in its words at the field that caused it.
//
// Every page is whole without JavaScript; the one script refreshes lists that grow. Nothing is loaded from
// elsewhere.
//
// # Who is let in
//
// On the loopback interface everybody is who names the machine by an address of that interface, by localhost
// or by the host of [Options.URL]: a web page whose host name was made to point here does not. With
// [Options.Token] only those are who have it: in the query of their first request, in the form that asks for
// it, or as a bearer token. Forms are taken from these pages alone, which cannot be framed.
package inspector

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"

	"github.com/cognitotest/cognito/fake"
)

// Path is where the pages begin. All below it belongs to [New].
const Path = "/_fakecognito/"

// Options say how visitors come.
type Options struct {
	URL   string // by which they reach the server, without a final slash
	Token string // that they must have; "" asks none of them, and is for the loopback interface
}

// Link returns the URL of the pages, with the token that lets a visitor in.
func (o Options) Link() string {
	if o.Token == "" {
		return o.URL + Path
	}
	return o.URL + Path + "?" + url.Values{"token": {o.Token}}.Encode()
}

//go:embed templates static
var files embed.FS

// inspector serves the pages of a server.
type inspector struct {
	Options
	server *fake.Server
	pages  map[string]*template.Template
	faults injected
	limits limits
}

// static returns the files that everybody may have.
func static() fs.FS {
	sub, err := fs.Sub(files, "static")
	if err != nil {
		panic("cognitotest: internal error: " + err.Error())
	}
	return sub
}

// New returns the handler of everything below [Path].
func New(server *fake.Server, o Options) http.Handler {
	i := &inspector{Options: o, server: server, pages: parsePages()}
	var forms http.CrossOriginProtection
	forms.SetDenyHandler(http.HandlerFunc(i.refuseForm))
	return withHeaders(i.guard(forms.Handler(i.routes())))
}

// routes are all that the inspector answers, behind its guard.
func (i *inspector) routes() http.Handler {
	mux := http.NewServeMux()
	for name, p := range map[string]page{
		"{$}": i.overview, "pool": i.pool, "group": i.group, "user": i.user,
		"outbox": i.outbox, "calls": i.calls, "token": i.token, "faults": i.showFaults, "clock": i.clock,
	} {
		mux.Handle("GET "+Path+name, i.show(p))
	}
	mux.Handle("POST "+Path+"user", i.act(i.changeUser, i.user))
	mux.Handle("POST "+Path+"token", i.show(i.token)) // which changes nothing: a token is too long for a query, and secret
	mux.Handle("POST "+Path+"faults", i.act(i.changeFaults, i.showFaults))
	mux.Handle("POST "+Path+"clock", i.act(i.changeClock, i.clock))
	mux.HandleFunc("GET "+Path+"messages", i.listMessages)
	mux.Handle("GET "+Path+"static/", http.StripPrefix(Path+"static/", http.FileServerFS(static())))
	mux.HandleFunc(Path, func(w http.ResponseWriter, r *http.Request) { i.fail(w, r, errNoPage) })
	return mux
}
