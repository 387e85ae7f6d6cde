// Package wire speaks awsJson1_1, the protocol of the Amazon Cognito user
// pools API, in terms of the SDK's own structs.
//
// [Decode] turns a request body into an SDK Input and [Encode] turns an SDK
// Output into a response body; [WriteOutput] and [WriteError] put the answer on
// the wire with the headers that the service sends. [Operation] reads the name
// of the operation from the X-Amz-Target header.
//
// The codec is reflective and has no table of shapes:
//
//   - the name of a wire member is the name of the Go field, in exact case,
//     except in types.HttpHeader (headerName, headerValue);
//   - a JSON null is the same as an absent member, everywhere: in lists and maps
//     it is left out;
//   - unknown members are ignored;
//   - absent is a nil pointer, slice, map or document, or an empty enum; members
//     that have no absent form in Go (bool, int32, int64) are always sent;
//   - times are epoch seconds with a millisecond fraction, blobs are base64;
//   - Smithy documents are read with document.NewLazyDocument and written with
//     MarshalSmithyDocument, which is also how to read a decoded one: the SDK's
//     UnmarshalSmithyDocument is for documents that its client received;
//   - ResultMetadata, which belongs to the SDK, is never sent.
//
// A body that breaks these rules is a [SerializationError], never a panic.
package wire

import "strings"

// targetPrefix stands before the operation in the X-Amz-Target header.
const targetPrefix = "AWSCognitoIdentityProviderService."

// Operation returns the operation that the value of an X-Amz-Target header
// names. It reports false when the value lacks the service's prefix, in exact
// case, or a name after it; whether such an operation exists is not its concern.
func Operation(target string) (name string, ok bool) {
	name, ok = strings.CutPrefix(target, targetPrefix)
	return name, ok && name != ""
}
