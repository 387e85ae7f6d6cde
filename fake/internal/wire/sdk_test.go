package wire_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"reflect"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/document"
	"github.com/google/go-cmp/cmp"
)

// A handlerClient is an HTTP client that calls a handler in place of the network.
type handlerClient http.HandlerFunc

func (h handlerClient) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	h(w, r)
	return w.Result(), nil
}

// newClient returns an SDK client whose requests h answers.
func newClient(h http.HandlerFunc) *cip.Client {
	return cip.New(cip.Options{
		Region:     "eu-west-1",
		HTTPClient: handlerClient(h),
		Retryer:    aws.NopRetryer{},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "AKID", SecretAccessKey: "secret"}, nil
		}),
	})
}

// readBody returns the body of a request that the SDK made.
func readBody(r *http.Request) []byte {
	b, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	return b
}

// An operation is a method of the SDK client.
type operation struct {
	name          string
	index         int
	input, output reflect.Type // structs
}

// operations yields every operation of the SDK client.
func operations() iter.Seq[operation] {
	return func(yield func(operation) bool) {
		client := reflect.TypeFor[*cip.Client]()
		for i := range client.NumMethod() {
			m := client.Method(i)
			if m.Name == "Options" {
				continue
			}
			if !yield(operation{m.Name, i, m.Type.In(2).Elem(), m.Type.Out(0).Elem()}) {
				return
			}
		}
	}
}

// call calls the operation on c and returns the Output and the error.
func (op operation) call(c *cip.Client, input any) (any, error) {
	out := reflect.ValueOf(c).Method(op.index).Call([]reflect.Value{
		reflect.ValueOf(context.Background()), reflect.ValueOf(input),
	})
	err, _ := out[1].Interface().(error)
	return out[0].Interface(), err
}

// A filler gives every member of a struct a value that is not zero and that no
// other member has, save for booleans.
type filler struct{ n int }

// filled returns a pointer to a filled struct of type t.
func filled(t reflect.Type) any {
	p := reflect.New(t)
	new(filler).fill(p.Elem())
	return p.Interface()
}

func (f *filler) fill(v reflect.Value) {
	f.n++
	switch v.Kind() {
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		f.fill(v.Elem())
	case reflect.Struct:
		f.fillStruct(v)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		f.fill(v.Index(0))
		f.fill(v.Index(1))
	case reflect.Map:
		v.Set(reflect.ValueOf(map[string]string{
			fmt.Sprint("key ", f.n): fmt.Sprint("value ", f.n),
			"<&>\u2028":             "Größe \"1\"\n",
		}))
	case reflect.Interface:
		v.Set(reflect.ValueOf(document.NewLazyDocument(map[string]any{
			"n": f.n, "list": []any{true, nil, "a"}, "object": map[string]any{"fraction": 0.5},
		})))
	case reflect.String:
		v.SetString(fmt.Sprint("text ", f.n))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64:
		v.SetInt(int64(f.n))
	case reflect.Uint8:
		v.SetUint(uint64(f.n % 256))
	default:
		panic("no filling for " + v.Type().String())
	}
}

func (f *filler) fillStruct(v reflect.Value) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.UnixMilli(1715100742000 + int64(f.n)).UTC()))
		return
	}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if field.IsExported() && field.Name != "ResultMetadata" {
			f.fill(v.Field(i))
		}
	}
}

// sameShape compares SDK structs: documents by the JSON they stand for, and
// without what the SDK adds.
var sameShape = cmp.Options{
	cmp.Exporter(func(reflect.Type) bool { return true }),
	cmp.FilterPath(func(p cmp.Path) bool {
		f, ok := p.Last().(cmp.StructField)
		return ok && f.Name() == "ResultMetadata"
	}, cmp.Ignore()),
	cmp.Comparer(func(a, b time.Time) bool { return a.Equal(b) }),
	cmp.Comparer(func(a, b document.Interface) bool { return cmp.Equal(documentJSON(a), documentJSON(b)) }),
}

func documentJSON(d document.Interface) any {
	if d == nil {
		return nil
	}
	b, err := d.MarshalSmithyDocument()
	if err != nil {
		return err.Error()
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return err.Error()
	}
	return v
}
