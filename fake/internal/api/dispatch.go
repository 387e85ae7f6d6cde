package api

import (
	"context"
	"maps"
	"slices"

	cip "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
)

// Operation is a line of the table of operations.
type Operation struct {
	Signed    bool // needs a signature of version 4
	Simulated bool

	newInput func() any
	call     func(*API, context.Context, any) (any, error)
}

// NewInput returns a pointer to an empty input of the operation.
func (o Operation) NewInput() any { return o.newInput() }

// Call runs an operation on its input, a pointer to the SDK's type, whose constraints were checked.
// The output is a pointer to the SDK's type.
func (a *API) Call(ctx context.Context, name string, in any) (any, error) {
	return operations[name].call(a, ctx, in)
}

// Lookup returns the line of an operation's name.
func Lookup(name string) (Operation, bool) {
	o, ok := operations[name]
	return o, ok
}

// Names returns the names of all operations in alphabetical order.
func Names() []string { return slices.Sorted(maps.Keys(operations)) }

// method is an operation as a method of API.
type method[I, O any] func(*API, context.Context, *I, ...func(*cip.Options)) (*O, error)

// signed makes the line of an operation that only a signed call may use.
func signed[I, O any](m method[I, O]) Operation {
	o := open(m)
	o.Signed = true
	return o
}

// open makes the line of an operation that anybody may call.
func open[I, O any](m method[I, O]) Operation {
	return Operation{
		Simulated: true,
		newInput:  func() any { return new(I) },
		call: func(a *API, ctx context.Context, in any) (any, error) {
			out, err := m(a, ctx, in.(*I))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// missing marks the line of an operation that is not simulated.
func missing(o Operation) Operation {
	o.Simulated = false
	return o
}
