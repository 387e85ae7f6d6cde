package wire

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	smithydocument "github.com/aws/smithy-go/document"
)

// Decode reads the JSON object in body into the SDK struct that into points to.
// Every failure is a [*SerializationError]; the struct is then half filled and
// must not be used.
func Decode(body []byte, into any) error {
	object, err := parse(body)
	if err == nil {
		err = decodeStruct(object, reflect.ValueOf(into).Elem())
	}
	if err == nil {
		return nil
	}
	err.Member = strings.TrimPrefix(err.Member, ".")
	return err
}

// parse reads body as one JSON object with nothing but space after it.
func parse(body []byte) (map[string]any, *SerializationError) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var value any
	if d.Decode(&value) != nil {
		return nil, notJSON()
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, notJSON()
	}
	switch value := value.(type) {
	case map[string]any:
		return value, nil
	case []any:
		return nil, unexpectedList()
	}
	return nil, notJSON()
}

// decodeStruct goes by the struct's members, not by the object's, so that of
// several problems the same one is reported each time.
func decodeStruct(object map[string]any, into reflect.Value) *SerializationError {
	for _, m := range membersOf(into.Type()) {
		raw := object[m.name]
		if raw == nil {
			continue
		}
		if err := decodeValue(raw, into.Field(m.index)); err != nil {
			return err.in("." + m.name)
		}
	}
	return nil
}

// decodeValue reads raw, which is not nil, into a settable value.
func decodeValue(raw any, into reflect.Value) *SerializationError {
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		return decodeValue(raw, into.Elem())
	case reflect.String:
		return decodeString(raw, into)
	case reflect.Bool:
		return decodeBool(raw, into)
	case reflect.Int32, reflect.Int64:
		return decodeInt(raw, into)
	case reflect.Struct:
		return decodeStructure(raw, into)
	case reflect.Slice:
		return decodeSlice(raw, into)
	case reflect.Map:
		return decodeMap(raw, into)
	case reflect.Interface:
		return decodeDocument(raw, into)
	}
	panic(unsupported(into))
}

func decodeString(raw any, into reflect.Value) *SerializationError {
	s, ok := raw.(string)
	if !ok {
		return cannotConvert(raw, "String")
	}
	into.SetString(s)
	return nil
}

func decodeBool(raw any, into reflect.Value) *SerializationError {
	b, ok := raw.(bool)
	if !ok {
		return cannotConvert(raw, "Boolean")
	}
	into.SetBool(b)
	return nil
}

func decodeInt(raw any, into reflect.Value) *SerializationError {
	number, ok := raw.(json.Number)
	name := "Integer"
	if into.Kind() == reflect.Int64 {
		name = "Long"
	}
	if !ok {
		return cannotConvert(raw, name)
	}
	n, err := integer(string(number))
	if err != nil || into.OverflowInt(n) {
		return cannotConvert(raw, name)
	}
	into.SetInt(n)
	return nil
}

// integer parses a JSON number whose value is integral, however it is written:
// 5, 5.0 and 5e0 are the same number in JSON.
func integer(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return n, err
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return 0, err
	}
	if f != math.Trunc(f) || math.Abs(f) >= 1<<63 {
		return 0, strconv.ErrRange
	}
	return int64(f), nil
}

func decodeStructure(raw any, into reflect.Value) *SerializationError {
	if t, ok := into.Addr().Interface().(*time.Time); ok {
		return decodeTime(raw, t)
	}
	object, ok := raw.(map[string]any)
	if !ok {
		return unexpectedFieldType(raw)
	}
	return decodeStruct(object, into)
}

// maxSeconds bounds timestamps to what a millisecond count in a float64 holds
// exactly; it is beyond the year 200000.
const maxSeconds = 1 << 53 / 1000

func decodeTime(raw any, into *time.Time) *SerializationError {
	number, ok := raw.(json.Number)
	if !ok {
		return cannotConvert(raw, "Timestamp")
	}
	seconds, err := number.Float64()
	if err != nil || math.Abs(seconds) > maxSeconds {
		return cannotConvert(raw, "Timestamp")
	}
	*into = time.UnixMilli(int64(math.Round(seconds * 1000))).UTC()
	return nil
}

func decodeSlice(raw any, into reflect.Value) *SerializationError {
	if into.Type().Elem().Kind() == reflect.Uint8 {
		return decodeBlob(raw, into)
	}
	list, ok := raw.([]any)
	if !ok {
		return unexpectedFieldType(raw)
	}
	out := reflect.MakeSlice(into.Type(), len(list), len(list))
	n := 0
	for i, element := range list {
		if element == nil {
			continue
		}
		if err := decodeValue(element, out.Index(n)); err != nil {
			return err.in(fmt.Sprintf("[%d]", i))
		}
		n++
	}
	into.Set(out.Slice(0, n))
	return nil
}

func decodeBlob(raw any, into reflect.Value) *SerializationError {
	s, ok := raw.(string)
	if !ok {
		return cannotConvert(raw, "Blob")
	}
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		return cannotConvert(raw, "Blob")
	}
	into.SetBytes(b)
	return nil
}

// decodeMap reads a map of strings to strings, the only kind the service has.
func decodeMap(raw any, into reflect.Value) *SerializationError {
	object, ok := raw.(map[string]any)
	if !ok {
		return unexpectedFieldType(raw)
	}
	out := make(map[string]string, len(object))
	for key, value := range object {
		if value == nil {
			continue
		}
		s, ok := value.(string)
		if !ok {
			return cannotConvert(value, "String").in("." + key)
		}
		out[key] = s
	}
	into.Set(reflect.ValueOf(out))
	return nil
}

// decodeDocument keeps any JSON value. One that the SDK could not write again,
// such as an object with an empty key, is refused here rather than in an answer.
func decodeDocument(raw any, into reflect.Value) *SerializationError {
	doc := document.NewLazyDocument(documentValue(raw))
	if _, err := doc.MarshalSmithyDocument(); err != nil {
		return unexpectedFieldType(raw)
	}
	into.Set(reflect.ValueOf(doc))
	return nil
}

// documentValue changes numbers, in place, to the type under which documents keep
// them exactly.
func documentValue(raw any) any {
	switch raw := raw.(type) {
	case json.Number:
		return smithydocument.Number(raw)
	case []any:
		for i := range raw {
			raw[i] = documentValue(raw[i])
		}
	case map[string]any:
		for key := range raw {
			raw[key] = documentValue(raw[key])
		}
	}
	return raw
}

// unsupported says that the SDK has a member of a type that this codec does not
// know: the round-trip test fails when a new SDK brings one.
func unsupported(v reflect.Value) string {
	return "cognitotest: internal error: no wire form for " + v.Type().String()
}
