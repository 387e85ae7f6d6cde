package inspector

import (
	"bytes"
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"

	"github.com/cognitotest/cognito/fake"
)

// view is a page with what stands on it.
type view struct {
	name   string // of its template
	title  string
	status int // 0 is 200
	trail  []crumb
	data   any
	form   url.Values
	wrong  *fieldError // what is wrong with the form
	closed bool        // to whoever asks, so that it leads nowhere
}

// crumb is a page above.
type crumb struct{ Name, URL string }

// page makes a view for a request.
type page func(*http.Request) (view, error)

// action does what a form asks for and returns where to go then. A [fieldError] shows the page again.
type action func(*http.Request) (next string, err error)

// fieldError is what was wrong, in a sentence, at a field of a form or at one of its buttons.
type fieldError struct{ field, text string }

// Error names the field.
func (e *fieldError) Error() string { return e.field + ": " + e.text }

// at says that an error, if there is one, is that of a field.
func at(field string, err error) error {
	if err == nil {
		return nil
	}
	return &fieldError{field, said(err)}
}

// advice is an error of whoever fills in a form: a sentence that says what to do.
type advice string

// Error returns the sentence.
func (a advice) Error() string { return string(a) }

var errNoPage = errors.New("there is no such page")

// show returns the handler of a page.
func (i *inspector) show(p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { i.showWith(w, r, p, nil) })
}

// act returns the handler of a form on a page.
func (i *inspector) act(do action, p page) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next, err := do(r)
		var wrong *fieldError
		switch {
		case err == nil:
			http.Redirect(w, r, next, http.StatusSeeOther)
		case errors.As(err, &wrong):
			i.showWith(w, r, p, wrong)
		default:
			i.fail(w, r, err)
		}
	})
}

// showWith shows a page, with the form and what is wrong with it where something is.
func (i *inspector) showWith(w http.ResponseWriter, r *http.Request, p page, wrong *fieldError) {
	v, err := p(r)
	if err != nil {
		i.fail(w, r, err)
		return
	}
	v.form = r.Form
	if wrong != nil {
		v.wrong, v.status = wrong, http.StatusUnprocessableEntity
	}
	i.render(w, r, v)
}

// fail shows an error in place of a page.
func (i *inspector) fail(w http.ResponseWriter, r *http.Request, err error) {
	status := http.StatusInternalServerError
	switch {
	case errors.Is(err, errNoPage), errors.As(err, new(*types.ResourceNotFoundException)), errors.As(err, new(*types.UserNotFoundException)):
		status = http.StatusNotFound
	case errors.As(err, new(smithy.APIError)), errors.As(err, new(*http.MaxBytesError)):
		status = http.StatusBadRequest
	}
	i.render(w, r, view{name: "error", title: http.StatusText(status), status: status, data: said(err)})
}

// refused is the view of whoever may not see what was asked for.
func refused(status int, title, text string) view {
	return view{name: "error", title: title, status: status, data: text, closed: true}
}

// said returns an error in the service's words, without the name that the SDK puts before them.
func said(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) && answer.ErrorMessage() != "" {
		return answer.ErrorMessage()
	}
	return err.Error()
}

// frame is what a template sees.
type frame struct {
	Title string
	Here  string // name of the page
	Trail []crumb
	Clock fake.ClockReading
	Done  string // what the last form did
	Data  any
	form  url.Values
	wrong *fieldError
	Known bool // whether the visitor may see the other pages
}

// render writes a page, whole or not at all.
func (i *inspector) render(w http.ResponseWriter, r *http.Request, v view) {
	f := frame{
		Title: v.title, Here: v.name, Trail: v.trail, Data: v.data, form: v.form, wrong: v.wrong,
		Clock: i.server.ReadClock(), Done: doneText(r.URL.Query().Get("done")), Known: !v.closed,
	}
	var body bytes.Buffer
	if err := i.pages[v.name].ExecuteTemplate(&body, "layout", f); err != nil {
		http.Error(w, "cognitotest: internal error: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if v.status != 0 {
		w.WriteHeader(v.status)
	}
	w.Write(body.Bytes())
}

// parsePages reads the templates: each page in the frame of layout.html.
func parsePages() map[string]*template.Template {
	layout := template.Must(template.New("layout").Funcs(functions()).ParseFS(files, "templates/layout.html", "templates/parts.html"))
	pages := map[string]*template.Template{}
	for _, name := range []string{"overview", "pool", "group", "user", "outbox", "calls", "token", "faults", "clock", "enter", "error"} {
		pages[name] = template.Must(template.Must(layout.Clone()).ParseFS(files, "templates/"+name+".html"))
	}
	return pages
}

// link returns the URL of a page; pairs are the names and values of its query.
func link(page string, pairs ...string) string {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			query.Set(pairs[i], pairs[i+1])
		}
	}
	return strings.TrimSuffix(Path+page+"?"+query.Encode(), "?")
}

// with returns the URL of a page with another value of one parameter, or "" where there is none.
func with(r *http.Request, name string, value *string) string {
	if value == nil {
		return ""
	}
	query := r.URL.Query()
	query.Set(name, *value)
	query.Del("done")
	return r.URL.Path + "?" + query.Encode()
}
