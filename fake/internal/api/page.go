package api

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"iter"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/cognitotest/cognito/fake/internal/pool"
)

// Pages of the list operations (API reference).
const (
	maxPage   = 60
	tokenLife = time.Hour
)

// pageLimit returns how many items a page holds, from a Limit that may be absent or 0, which both
// mean as many as possible.
func pageLimit(limit *int32) int {
	if n := int(aws.ToInt32(limit)); n > 0 {
		return min(n, maxPage)
	}
	return maxPage
}

// page takes the first items of a sequence, at most limit, and reports whether there are more.
func page[T any](seq iter.Seq[T], limit int) (items []T, more bool) {
	for item := range seq {
		if len(items) == limit {
			return items, true
		}
		items = append(items, item)
	}
	return items, false
}

// pageToken returns the opaque token of the page that begins after a place in a list. kind names
// the list: the operation, the pool and whatever narrows the list, such as a filter. The token is
// good for the same kind only, and for an hour.
func (a *API) pageToken(kind, after string) *string {
	plain := binary.BigEndian.AppendUint64(nil, uint64(a.store.Clock.Now().Add(tokenLife).UnixNano()))
	sealed := a.pages.Seal(nil, nil, append(plain, after...), []byte(kind))
	return aws.String(base64.StdEncoding.EncodeToString(sealed))
}

// pageAfter returns the place that a token of [API.pageToken] names, or "" without a token. A token
// that has expired, or belongs to another list, is refused.
func (a *API) pageAfter(kind string, token *string) (after string, err error) {
	if token == nil {
		return "", nil
	}
	sealed, err := base64.StdEncoding.DecodeString(*token)
	if err != nil {
		return "", pool.PageTokenInvalid()
	}
	plain, err := a.pages.Open(nil, nil, sealed, []byte(kind))
	if err != nil || len(plain) < 8 {
		return "", pool.PageTokenInvalid()
	}
	if a.store.Clock.Now().UnixNano() > int64(binary.BigEndian.Uint64(plain)) {
		return "", pool.PageTokenInvalid()
	}
	return string(plain[8:]), nil
}

// PageSealer makes page tokens, so that clients can neither read nor forge them.
type PageSealer struct{ aead cipher.AEAD }

// NewPageSealer returns a PageSealer with a new key: no other opens its tokens.
func NewPageSealer() *PageSealer {
	var key [32]byte
	rand.Read(key[:]) // never fails: see crypto/rand
	block, err := aes.NewCipher(key[:])
	if err != nil {
		panic(pool.Broken("page cipher: %v", err))
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(pool.Broken("page cipher: %v", err))
	}
	return &PageSealer{aead}
}
