package inspector

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strings"
	"time"
)

// functions are those that templates call.
func functions() template.FuncMap {
	return template.FuncMap{
		"link": link, "machine": machine, "moment": moment, "settings": settings, "dict": dict, "join": join, "plural": plural,
	}
}

// moment returns a time as people read it, in UTC.
func moment(t time.Time) string { return t.UTC().Format(time.DateTime) }

// machine returns a time as programs read it.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// join returns a list of names, which have no blanks, with commas between them.
func join(names any) string {
	return strings.Join(strings.Fields(strings.Trim(fmt.Sprint(names), "[]")), ", ")
}

// dict makes a map of names and values, for templates that are called with several.
func dict(pairs ...any) map[string]any {
	m := map[string]any{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}

// settings returns an SDK's struct as JSON without the members that are not set.
func settings(v any) (string, error) {
	body, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	var tree any
	if err := json.Unmarshal(body, &tree); err != nil {
		return "", err
	}
	body, err = json.MarshalIndent(pruned(tree), "", "  ")
	return string(body), err
}

// pruned removes what is null or empty from a tree of JSON.
func pruned(tree any) any {
	switch tree := tree.(type) {
	case map[string]any:
		for name, v := range tree {
			if v = pruned(v); isEmpty(v) {
				delete(tree, name)
			} else {
				tree[name] = v
			}
		}
	case []any:
		for i, v := range tree {
			tree[i] = pruned(v)
		}
	}
	return tree
}

func isEmpty(v any) bool {
	object, ok := v.(map[string]any)
	return v == nil || v == "" || ok && len(object) == 0
}

// span returns a duration in words, in its largest whole unit or two.
func span(d time.Duration) string {
	if d < 0 {
		d = -d
	}
	units := []struct {
		name string
		size time.Duration
	}{{"day", 24 * time.Hour}, {"hour", time.Hour}, {"minute", time.Minute}, {"second", time.Second}}
	var words []string
	for _, u := range units {
		if n := d / u.size; n > 0 {
			words = append(words, fmt.Sprint(int(n), " ", plural(int(n), u.name)))
			d -= n * u.size
		}
	}
	if len(words) == 0 {
		return "less than a second"
	}
	return strings.Join(words[:min(2, len(words))], " ")
}

// plural returns what a number of things are called.
func plural(n int, thing string) string {
	if n == 1 {
		return thing
	}
	return thing + "s"
}

// doneText returns what a form says that it has done. The URL holds only the key, so that nobody can put
// words on a page.
func doneText(key string) string {
	return map[string]string{
		"confirmed": "The user is confirmed.",
		"enabled":   "The user can sign in again.",
		"disabled":  "The user is disabled, and signed out everywhere.",
		"signedout": "The user is signed out everywhere.",
		"reset":     "The password is reset, and a code was sent.",
		"password":  "The password is set.",
		"deleted":   "The user is deleted.",
		"injected":  "The fault is injected.",
		"removed":   "The fault is removed.",
		"limited":   "The limit is set.",
		"lifted":    "The limit is lifted.",
		"moved":     "The clock is moved.",
		"frozen":    "The clock stands still.",
		"going":     "The clock goes.",
	}[key]
}
