// Package envelope encrypts short texts in the message format of the AWS Encryption SDK, so that its
// implementations decrypt them: with a raw AES-256 wrapping key (AES-GCM, IVs of 12 bytes, tags of 16),
// in one frame, by the algorithm suite AES_256_GCM_HKDF_SHA512_COMMIT_KEY. That suite commits to its
// key, as those implementations want by default, and needs no signature.
//
// The format is that of the message format reference in the developer guide of the AWS Encryption SDK.
package envelope

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha512"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"maps"
	"slices"
)

const (
	version     = 2
	suite       = 0x0478
	framed      = 2
	frameLength = 4096
	finalFrame  = 0xFFFFFFFF

	keySize = 32 // also of the commitment
	idSize  = 32
	ivSize  = 12
	tagSize = 16
)

// Key is a wrapping key. Namespace and Name are what an implementation must be told to find it again.
type Key struct {
	Namespace string
	Name      string
	Secret    [keySize]byte
}

// NewKey returns a random key of a name.
func NewKey(namespace, name string) Key {
	k := Key{Namespace: namespace, Name: name}
	rand.Read(k.Secret[:]) // never fails: see crypto/rand
	return k
}

// Seal encrypts a text for the key. Who decrypts it can read the context, and must not have changed it.
func (k Key) Seal(text []byte, context map[string]string) []byte {
	dataKey, id := random(keySize), random(idSize)
	header := binary.BigEndian.AppendUint16([]byte{version}, suite)
	header = append(header, id...)
	header = field(header, encoded(context))
	header = binary.BigEndian.AppendUint16(header, 1) // encrypted data keys
	header = field(header, []byte(k.Namespace))
	iv := random(ivSize)
	header = field(header, k.info(iv))
	header = field(header, gcm(k.Secret[:]).Seal(nil, iv, dataKey, encoded(context)))
	header = binary.BigEndian.AppendUint32(append(header, framed), frameLength)
	header = append(header, commitment(dataKey, id)...)

	body := gcm(messageKey(dataKey, id))
	message := append(header, body.Seal(nil, make([]byte, ivSize), nil, header)...)
	message = binary.BigEndian.AppendUint32(message, finalFrame)
	message = binary.BigEndian.AppendUint32(message, 1)
	message = append(message, frameIV()...)
	message = binary.BigEndian.AppendUint32(message, uint32(len(text)))
	return body.Seal(message, frameIV(), text, frameData(id, len(text)))
}

var errForeign = errors.New("envelope: this is no message for this key, or it was changed")

// Open decrypts what Seal, or another implementation with the same key, suite and single frame, has
// encrypted, and returns the text and the context.
func (k Key) Open(message []byte) (text []byte, context map[string]string, err error) {
	r := &reader{rest: message}
	known := bytes.Equal(r.take(3), []byte{version, suite >> 8, suite & 0xff})
	id := r.take(idSize)
	data := r.field()
	dataKey := k.unwrap(r, data)
	known = known && bytes.Equal(r.take(1), []byte{framed})
	r.take(4) // the length of frames
	commits := r.take(keySize)
	header := message[:len(message)-len(r.rest)]
	tag := r.take(tagSize)
	if !known || dataKey == nil || subtle.ConstantTimeCompare(commits, commitment(dataKey, id)) == 0 {
		return nil, nil, errForeign
	}
	body := gcm(messageKey(dataKey, id))
	if _, err := body.Open(nil, make([]byte, ivSize), tag, header); err != nil {
		return nil, nil, errForeign
	}
	if text, err = r.frame(body, id); err != nil {
		return nil, nil, err
	}
	context, ok := decoded(data)
	if !ok {
		return nil, nil, errForeign
	}
	return text, context, nil
}

// unwrap reads the encrypted data keys and decrypts the one of this key; nil where there is none.
func (k Key) unwrap(r *reader, data []byte) (dataKey []byte) {
	for range r.number(2) {
		namespace, info, sealed := r.field(), r.field(), r.field()
		iv := info[max(0, len(info)-ivSize):]
		if string(namespace) != k.Namespace || !bytes.Equal(info, k.info(iv)) || len(iv) != ivSize {
			continue
		}
		if opened, err := gcm(k.Secret[:]).Open(nil, iv, sealed, data); err == nil && len(opened) == keySize {
			dataKey = opened
		}
	}
	return dataKey
}

// info describes a data key that was encrypted with an IV: the name of the wrapping key, the bits of
// the tag, the bytes of the IV and the IV.
func (k Key) info(iv []byte) []byte {
	info := binary.BigEndian.AppendUint32([]byte(k.Name), 8*tagSize)
	return append(binary.BigEndian.AppendUint32(info, ivSize), iv...)
}

// frame reads the only frame.
func (r *reader) frame(body cipher.AEAD, id []byte) ([]byte, error) {
	last, sequence, iv, length := r.number(4), r.number(4), r.take(ivSize), r.number(4)
	if uint32(last) != finalFrame || sequence != 1 || !bytes.Equal(iv, frameIV()) || length+tagSize != len(r.rest) {
		return nil, errForeign
	}
	text, err := body.Open(nil, iv, r.rest, frameData(id, length))
	if err != nil {
		return nil, errForeign
	}
	return text, nil
}

// frameIV is the IV of the first frame: its number.
func frameIV() []byte { return append(make([]byte, ivSize-1), 1) }

// frameData is what the tag of the first and last frame covers besides its text.
func frameData(id []byte, length int) []byte {
	data := append(bytes.Clone(id), "AWSKMSEncryptionClient Final Frame"...)
	data = binary.BigEndian.AppendUint32(data, 1)
	return binary.BigEndian.AppendUint64(data, uint64(length))
}

// messageKey derives the key of header and body.
func messageKey(dataKey, id []byte) []byte { return derived(dataKey, id, "\x04\x78DERIVEKEY") }

// commitment derives what shows that a message has one data key only.
func commitment(dataKey, id []byte) []byte { return derived(dataKey, id, "COMMITKEY") }

func derived(dataKey, id []byte, purpose string) []byte {
	key, err := hkdf.Key(sha512.New, dataKey, id, purpose, keySize)
	if err != nil {
		panic("cognitotest: internal error: " + err.Error()) // the length is right
	}
	return key
}

func gcm(key []byte) cipher.AEAD {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic("cognitotest: internal error: " + err.Error()) // the length is right
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic("cognitotest: internal error: " + err.Error())
	}
	return aead
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: see crypto/rand
	return b
}

// encoded writes a context: how many pairs, and the pairs ordered by name. No pairs are no bytes.
func encoded(context map[string]string) []byte {
	if len(context) == 0 {
		return nil
	}
	b := binary.BigEndian.AppendUint16(nil, uint16(len(context)))
	for _, name := range slices.Sorted(maps.Keys(context)) {
		b = field(field(b, []byte(name)), []byte(context[name]))
	}
	return b
}

// decoded reads a context. It reports false for what is none.
func decoded(b []byte) (context map[string]string, ok bool) {
	if len(b) == 0 {
		return nil, true
	}
	r := &reader{rest: b}
	context = map[string]string{}
	for range r.number(2) {
		name := string(r.field())
		context[name] = string(r.field())
	}
	return context, !r.short && len(r.rest) == 0
}

// field appends bytes behind their length.
func field(b, value []byte) []byte {
	return append(binary.BigEndian.AppendUint16(b, uint16(len(value))), value...)
}

// reader reads a message. Once too little is left it yields nothing more.
type reader struct {
	rest  []byte
	short bool
}

func (r *reader) take(n int) []byte {
	if n > len(r.rest) {
		r.rest, r.short = nil, true
		return nil
	}
	taken := r.rest[:n:n]
	r.rest = r.rest[n:]
	return taken
}

// number reads an unsigned number of so many bytes, at most 4.
func (r *reader) number(size int) int {
	n := 0
	for _, b := range r.take(size) {
		n = n<<8 | int(b)
	}
	return n
}

func (r *reader) field() []byte { return r.take(r.number(2)) }
