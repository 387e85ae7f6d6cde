package pool

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ClaimTexts returns claims of an identity provider as the texts that attributes are made of. A list is written
// with brackets, as [a, b] (seen in attributes of users); other JSON as itself (inferred). A null is no claim.
func ClaimTexts(claims map[string]any) map[string]string {
	texts := map[string]string{}
	for name, value := range claims {
		if value != nil {
			texts[name] = claimText(value)
		}
	}
	return texts
}

func claimText(value any) string {
	switch value := value.(type) {
	case string:
		return value
	case []any:
		items := make([]string, len(value))
		for i, item := range value {
			items[i] = claimText(item)
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	written, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(written)
}

// Mapped returns what claims of an identity provider say by a mapping: the subject of the account, "" where the
// mapping names no claim for it or the claim is missing, and the attributes of its user, ordered by name. A claim
// that is missing or empty maps to no attribute.
//
// An address or number comes with its flag, which is false unless it is mapped, too (seen in attributes of users).
func Mapped(mapping, claims map[string]string) (subject string, attributes []Attribute) {
	values := map[string]string{}
	for name, claim := range mapping {
		if claims[claim] != "" {
			values[name] = claims[claim]
		}
	}
	subject = values[usernameKey]
	delete(values, usernameKey)
	for _, contact := range contacts {
		if values[contact] != "" {
			values[contact+verifiedSuffix] = cmp.Or(values[contact+verifiedSuffix], "false")
		}
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		attributes = append(attributes, Attribute{name, values[name]})
	}
	return subject, attributes
}
