package pool

import (
	"math/big"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// CheckValue reports whether a user's attribute may have a value and, where it may not, the reason
// that follows "<name>: " in the service's messages. A blank value, which deletes an attribute, is
// always right.
func (s *Schema) CheckValue(name, value string) (reason string, ok bool) {
	a := s.find(name)
	switch {
	case a == nil:
		return unknownAttribute, false
	case value == "":
		return "", true
	}
	switch a.AttributeDataType {
	case types.AttributeDataTypeNumber:
		reason = numberReason(a.NumberAttributeConstraints, value)
	case types.AttributeDataTypeBoolean:
		reason = booleanReason(value)
	case types.AttributeDataTypeDatetime:
		reason = dateTimeReason(value)
	default:
		reason = stringReason(a.StringAttributeConstraints, value)
	}
	return reason, reason == ""
}

func stringReason(c *types.StringAttributeConstraintsType, value string) string {
	if c == nil {
		return ""
	}
	length := big.NewInt(int64(utf8.RuneCountInString(value)))
	if !within(length, c.MinLength, c.MaxLength) {
		return wrongLength(aws.ToString(c.MinLength), aws.ToString(c.MaxLength))
	}
	return ""
}

func numberReason(c *types.NumberAttributeConstraintsType, value string) string {
	n, ok := integer(value)
	if !ok {
		return notNumber
	}
	if c != nil && !within(n, c.MinValue, c.MaxValue) {
		return wrongNumber(aws.ToString(c.MinValue), aws.ToString(c.MaxValue))
	}
	return ""
}

func booleanReason(value string) string {
	if strings.EqualFold(value, "true") || strings.EqualFold(value, "false") {
		return ""
	}
	return notBoolean
}

func dateTimeReason(value string) string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", time.DateOnly} {
		if _, err := time.Parse(layout, value); err == nil {
			return ""
		}
	}
	return notDateTime
}

// integer reads a decimal integer of any size.
func integer(s string) (*big.Int, bool) { return new(big.Int).SetString(s, 10) }

// within reports whether n lies between two bounds, each of which may be missing.
func within(n *big.Int, least, most *string) bool {
	lo, hasLo := integer(aws.ToString(least))
	hi, hasHi := integer(aws.ToString(most))
	return !(hasLo && n.Cmp(lo) < 0) && !(hasHi && n.Cmp(hi) > 0)
}

// dropForeignConstraints removes the constraints that do not belong to the attribute's type.
func dropForeignConstraints(a *types.SchemaAttributeType) {
	if a.AttributeDataType != types.AttributeDataTypeString {
		a.StringAttributeConstraints = nil
	}
	if a.AttributeDataType != types.AttributeDataTypeNumber {
		a.NumberAttributeConstraints = nil
	}
}

// constraintErrors words the refusals of a declaration's constraints, which the service does in
// one way for standard and in another for custom attributes.
type constraintErrors struct {
	lengthOrder, valueOrder, tooLong, noLength, noNumber error
}

// checkConstraints refuses bounds that are no numbers, in the wrong order, or too large.
func checkConstraints(a types.SchemaAttributeType, refuse constraintErrors) error {
	if c := a.StringAttributeConstraints; c != nil {
		if err := checkBounds(c.MinLength, c.MaxLength, refuse.noLength, refuse.lengthOrder); err != nil {
			return err
		}
		if n, ok := integer(aws.ToString(c.MaxLength)); ok && n.Cmp(big.NewInt(maxAttributeLength)) > 0 {
			return refuse.tooLong
		}
	}
	if c := a.NumberAttributeConstraints; c != nil {
		return checkBounds(c.MinValue, c.MaxValue, refuse.noNumber, refuse.valueOrder)
	}
	return nil
}

const maxAttributeLength = 2048

func checkBounds(least, most *string, notNumber, wrongOrder error) error {
	lo, hasLo := integer(aws.ToString(least))
	hi, hasHi := integer(aws.ToString(most))
	switch {
	case least != nil && !hasLo, most != nil && !hasHi:
		return notNumber
	case hasLo && hasHi && lo.Cmp(hi) > 0:
		return wrongOrder
	}
	return nil
}
