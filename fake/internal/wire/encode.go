package wire

import (
	"maps"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/aws/smithy-go/document"
	smithyjson "github.com/aws/smithy-go/encoding/json"
)

// Encode returns the JSON object for the SDK struct that out points to, with its
// members in the order of the struct's fields and map keys sorted. A nil pointer
// and a struct with nothing in it are both {}. It fails only where a Smithy
// document cannot be marshalled.
func Encode(out any) ([]byte, error) {
	v := reflect.ValueOf(out).Elem()
	if !v.IsValid() {
		return []byte("{}"), nil
	}
	e := smithyjson.NewEncoder()
	if err := encodeStruct(v, e.Value); err != nil {
		return nil, err
	}
	return e.Bytes(), nil
}

func encodeStruct(v reflect.Value, to smithyjson.Value) error {
	object := to.Object()
	for _, m := range membersOf(v.Type()) {
		f := v.Field(m.index)
		if absent(f) {
			continue
		}
		if err := encodeValue(f, object.Key(m.name)); err != nil {
			return err
		}
	}
	object.Close()
	return nil
}

// absent reports whether a member is left out: it is nil, or it is an enum, the
// only string that is no pointer, and empty.
func absent(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Interface:
		return v.IsNil()
	case reflect.String:
		return v.Len() == 0
	}
	return false
}

func encodeValue(v reflect.Value, to smithyjson.Value) error {
	switch v.Kind() {
	case reflect.Pointer:
		return encodeValue(v.Elem(), to)
	case reflect.String:
		to.String(v.String())
	case reflect.Bool:
		to.Boolean(v.Bool())
	case reflect.Int32, reflect.Int64:
		to.Long(v.Int())
	case reflect.Struct:
		return encodeStructure(v, to)
	case reflect.Slice:
		return encodeSlice(v, to)
	case reflect.Map:
		encodeMap(v.Interface().(map[string]string), to)
	case reflect.Interface:
		return encodeDocument(v.Interface().(document.Marshaler), to)
	default:
		panic(unsupported(v))
	}
	return nil
}

func encodeStructure(v reflect.Value, to smithyjson.Value) error {
	if t, ok := v.Addr().Interface().(*time.Time); ok {
		encodeTime(*t, to)
		return nil
	}
	return encodeStruct(v, to)
}

// encodeTime writes epoch seconds that always have a fraction, as the service
// does: 1715100742.022, and 1715100742.0 on the full second.
func encodeTime(t time.Time, to smithyjson.Value) {
	ms := t.UnixMilli()
	b := strconv.AppendFloat(nil, float64(ms)/1000, 'f', -1, 64)
	if ms%1000 == 0 {
		b = append(b, ".0"...)
	}
	to.Write(b)
}

func encodeSlice(v reflect.Value, to smithyjson.Value) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		to.Base64EncodeBytes(v.Bytes())
		return nil
	}
	array := to.Array()
	for i := range v.Len() {
		if err := encodeValue(v.Index(i), array.Value()); err != nil {
			return err
		}
	}
	array.Close()
	return nil
}

func encodeMap(m map[string]string, to smithyjson.Value) {
	object := to.Object()
	for _, key := range slices.Sorted(maps.Keys(m)) {
		object.Key(key).String(m[key])
	}
	object.Close()
}

func encodeDocument(d document.Marshaler, to smithyjson.Value) error {
	b, err := d.MarshalSmithyDocument()
	if err != nil {
		return err
	}
	to.Write(b)
	return nil
}
