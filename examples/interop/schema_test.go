package interop

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/cognitotest/cognito/fake"
)

// validator is the published schema of fixtures, in a validator of other people's.
func validator(t *testing.T) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(strings.NewReader(fake.FixtureSchema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.AssertContent()
	if err := c.AddResource("fixture.schema.json", schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("fixture.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// valid returns what a validator says of a document.
func valid(t *testing.T, s *jsonschema.Schema, document []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchemaAcceptsFixturesAndExports(t *testing.T) {
	s := validator(t)
	for _, path := range []string{"../fixtures/testdata/office.json", "../../fake/testdata/full.json", "../../fake/testdata/full.golden.json"} {
		document, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, document); err != nil {
			t.Errorf("%s: %v", path, err)
		}
		server := fake.NewServer(fake.Config{})
		t.Cleanup(func() { server.Close() })
		if err := server.Import(bytes.NewReader(document)); err != nil {
			t.Fatal(err)
		}
		var exported bytes.Buffer
		if err := server.Export(&exported); err != nil {
			t.Fatal(err)
		}
		if err := valid(t, s, exported.Bytes()); err != nil {
			t.Errorf("export of %s: %v", path, err)
		}
	}
}

func TestSchemaRefuses(t *testing.T) {
	s := validator(t)
	for reason, document := range map[string]string{
		"no version":               `{}`,
		"another version":          `{"version": 2}`,
		"an unknown member":        `{"version": 1, "pool": []}`,
		"a misspelled member":      `{"version": 1, "pools": [{"users": [{"usernam": "ann"}]}]}`,
		"one of the service's":     `{"version": 1, "pools": [{"settings": {"AutoVerifyAttributes": []}}]}`,
		"text for a list":          `{"version": 1, "pools": "none"}`,
		"a status that nobody has": `{"version": 1, "pools": [{"users": [{"username": "ann", "status": "ARCHIVED"}]}]}`,
		"no time":                  `{"version": 1, "clock": {"frozen": "today"}}`,
		"no duration":              `{"version": 1, "clock": {"offset": "a day"}}`,
		"a truth as an attribute":  `{"version": 1, "pools": [{"users": [{"username": "ann", "attributes": {"email_verified": true}}]}]}`,
	} {
		t.Run(reason, func(t *testing.T) {
			if err := valid(t, s, []byte(document)); err == nil {
				t.Error("the schema accepts it")
			}
			server := fake.NewServer(fake.Config{})
			t.Cleanup(func() { server.Close() })
			if err := server.Import(strings.NewReader(document)); err == nil {
				t.Error("Import accepts it")
			}
		})
	}
}
