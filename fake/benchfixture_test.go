package fake_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/cognitotest/cognito/fake"
)

// crowd is a fixture of so many users with an address and a group.
func crowd(users int) string {
	var b strings.Builder
	b.WriteString(`{"version": 1, "pools": [{"groups": [{"name": "staff"}], "users": [`)
	for i := range users {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, `{"username": "user-%d", "password": "Correct-Horse-7", "attributes": {"email": "user-%[1]d@example.com", "email_verified": "true"}, "groups": ["staff"]}`, i)
	}
	b.WriteString(`]}]}`)
	return b.String()
}

func BenchmarkExport(b *testing.B) {
	s := imported(b, crowd(1000))
	b.SetBytes(int64(len(exported(b, s))))
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Export(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport reads what people write, and what a server writes.
func BenchmarkImport(b *testing.B) {
	for name, document := range map[string]string{"written": crowd(1000), "exported": exported(b, imported(b, crowd(1000)))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(document)))
			b.ReportAllocs()
			for b.Loop() {
				s := fake.NewServer(fake.Config{})
				if err := s.Import(strings.NewReader(document)); err != nil {
					b.Fatal(err)
				}
				s.Close()
			}
		})
	}
}
