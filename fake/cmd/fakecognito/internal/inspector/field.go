package inspector

// field is an input of a form as the template "field" shows it. Its methods return it with one thing more.
type field struct {
	Name, Label, Value, Error string
	Type, Help, Suggestions   string
	Checked                   bool
}

// Field returns the field of a name, with what was filled in, and what is wrong with it.
func (f frame) Field(name, label string) field {
	return field{Name: name, Label: label, Value: f.form.Get(name), Error: f.Wrong(name), Type: "text", Checked: f.form.Get(name) != ""}
}

// Wrong returns what is wrong with a field, or at a button, or "".
func (f frame) Wrong(name string) string {
	if f.wrong == nil || f.wrong.field != name {
		return ""
	}
	return f.wrong.text
}

// As makes it a field of another type of HTML.
func (f field) As(kind string) field {
	f.Type = kind
	return f
}

// With explains the field.
func (f field) With(help string) field {
	f.Help = help
	return f
}

// Or fills the field in where nobody has.
func (f field) Or(value string) field {
	if f.Value == "" {
		f.Value = value
	}
	return f
}

// From suggests the values of a datalist.
func (f field) From(list string) field {
	f.Suggestions = list
	return f
}
