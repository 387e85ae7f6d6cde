package pool

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"
)

// notRecorded says why a field of a pool, or of what is in it, is no part of a record.
var notRecorded = map[reflect.Type]map[string]string{
	reflect.TypeFor[Pool](): {
		"ARN":      "follows from region, account and id",
		"Mutex":    "is no state",
		"contents": "are judged one by one",
	},
	reflect.TypeFor[contents](): {
		"usedSessions":   "sessions are sealed under a key that no record has",
		"custom":         "belongs to a session",
		"authorizations": "their tokens are signed with keys that no record has",
		"browsers":       "sign in again, as their sessions in the API do",
		"accounts":       "are those of users",
		"departures":     "are a browser's, which signs in again",
	},
	reflect.TypeFor[User](): {
		"id":     "is of the pool",
		"owner":  "is of the pool",
		"groups": "are joined afterwards",
		"grants": "their tokens are signed with keys that no record has",
	},
	reflect.TypeFor[Device](): {
		"Awaited": "belongs to a session",
	},
	reflect.TypeFor[Group](): {
		"members": "are the groups of users",
	},
	reflect.TypeFor[types.UserPoolType](): {
		"Arn":                       "follows from region, account and id",
		"CustomDomain":              "is one of the Domains",
		"Domain":                    "is one of the Domains",
		"EmailConfigurationFailure": "is never set",
		"SmsConfigurationFailure":   "is never set",
		"Status":                    "is never set",
		"EstimatedNumberOfUsers":    "is counted",
		"SchemaAttributes":          "is the pool's Schema",
	},
	reflect.TypeFor[types.UserPoolClientType](): {
		"ClientSecret": "is the first of Secrets",
		"UserPoolId":   "is the pool",
	},
}

// recorded are the fields that a record has under another name.
var recorded = map[reflect.Type][]string{
	reflect.TypeFor[contents]():                   {"Schema", "users"},
	reflect.TypeFor[User]():                       {"TempExpires", "PastPassword", "factors", "preferred"},
	reflect.TypeFor[types.UserPoolType]():         {"Id", "Name", "CreationDate", "LastModifiedDate"},
	reflect.TypeFor[types.IdentityProviderType](): {"CreationDate", "LastModifiedDate"},
	reflect.TypeFor[types.UserPoolClientType]():   {"ClientId", "ClientName", "CreationDate", "LastModifiedDate"},
}

func TestEveryFieldIsRecordedOrNotForAReason(t *testing.T) {
	for _, pair := range [][2]reflect.Type{
		{reflect.TypeFor[Pool](), reflect.TypeFor[Record]()},
		{reflect.TypeFor[contents](), reflect.TypeFor[Record]()},
		{reflect.TypeFor[Client](), reflect.TypeFor[ClientRecord]()},
		{reflect.TypeFor[Group](), reflect.TypeFor[GroupRecord]()},
		{reflect.TypeFor[User](), reflect.TypeFor[UserRecord]()},
		{reflect.TypeFor[Device](), reflect.TypeFor[DeviceRecord]()},
		{reflect.TypeFor[types.UserPoolType](), reflect.TypeFor[cip.CreateUserPoolInput]()},
		{reflect.TypeFor[types.UserPoolClientType](), reflect.TypeFor[cip.CreateUserPoolClientInput]()},
		{reflect.TypeFor[types.IdentityProviderType](), reflect.TypeFor[cip.CreateIdentityProviderInput]()},
	} {
		known := map[string]bool{"noSmithyDocumentSerde": true}
		for name := range notRecorded[pair[0]] {
			known[name] = true
		}
		for _, name := range recorded[pair[0]] {
			known[name] = true
		}
		for i := range pair[0].NumField() {
			name := pair[0].Field(i).Name
			_, same := pair[1].FieldByNameFunc(func(other string) bool { return equalFold(name, other) })
			if !same && !known[name] {
				t.Errorf("%v.%s is not in %v: record it, or say why not", pair[0], name, pair[1])
			}
		}
	}
}

// equalFold compares names without regard to the case of their first letters.
func equalFold(a, b string) bool {
	return a[1:] == b[1:] && (a[0]|0x20) == (b[0]|0x20) || a == "totp" && b == "TOTP"
}

func TestUsersAreTheirRecords(t *testing.T) {
	var want UserRecord
	fill(reflect.ValueOf(&want).Elem(), new(int))
	want.Groups = nil
	p := New(Name{}, nil, mustSchema(t))
	u := p.UserOf(want)
	if d := cmp.Diff(want, u.record(), cmp.Exporter(func(reflect.Type) bool { return true })); d != "" {
		t.Errorf("record of a user of a record (-want +got):\n%s", d)
	}
	wantFilled(t, reflect.ValueOf(*u))
	wantFilled(t, reflect.ValueOf(*u.devices[0]))
}

// wantFilled checks that a struct made of a record has no empty field that the record could fill.
func wantFilled(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		if _, excused := notRecorded[v.Type()][name]; v.Field(i).IsZero() != excused {
			t.Errorf("%v.%s: empty: %v, excused: %v", v.Type(), name, v.Field(i).IsZero(), excused)
		}
	}
}

// fill gives everything below v a value that is not its zero value, each another.
func fill(v reflect.Value, n *int) {
	if !v.CanSet() {
		return // what the SDK has for itself
	}
	*n++
	if at, ok := v.Addr().Interface().(*time.Time); ok {
		*at = time.Unix(int64(*n), 0).UTC()
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0), n)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(key, n)
		fill(value, n)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.String:
		v.SetString(fmt.Sprint("text ", *n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int32:
		v.SetInt(int64(*n))
	default:
		v.SetUint(uint64(*n%200 + 1))
	}
}
