package envelope

import (
	"bytes"
	"encoding/base64"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// known is a key of known bytes, from 0 to 31.
func known() Key {
	k := Key{Namespace: "cognitotest", Name: "custom-sender"}
	for i := range k.Secret {
		k.Secret[i] = byte(i)
	}
	return k
}

// vector is 123456 as the AWS Encryption SDK for Python (4.0.7) encrypts it for the known key.
const vector = "AgR4tX1Od6ePCn6DPZ+86EoiHFp2ZEnK4d6TOrt82ZnPvmoAIgABAAt1c2VycG9vbC1pZAARdXMtZWFzdC0xX0VYQU1QTEUAAQALY29nbml0b3Rlc3QAIWN1c3RvbS1zZW5kZXIAAACAAAAADIkeUIJZXni2oagRRwAwlAZ9qiyyO+2tts05vmxBu2x9c90H8H9F+VT5gv4W/uayuSObBlC43Rr93Zquk8fzAgAAEAAb1t8AAI9gTGuJ+xYJywtcd9ASOIAWO47UqFUok3SiX0p/wlKEkw7hMhFUE3tBts7/////AAAAAQAAAAAAAAAAAAAAAQAAAAYCcToVvITjyZWPREWbNW3aYRdW2c3x"

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestOpenAMessageOfAnotherImplementation(t *testing.T) {
	text, context, err := known().Open(bytesOf(t, vector))
	if err != nil {
		t.Fatal(err)
	}
	if string(text) != "123456" {
		t.Errorf("text = %q, want 123456", text)
	}
	if diff := cmp.Diff(context, map[string]string{"userpool-id": "us-east-1_EXAMPLE"}); diff != "" {
		t.Errorf("context (-got +want):\n%s", diff)
	}
}

func TestSealedIsOpened(t *testing.T) {
	for _, test := range []struct {
		why, text string
		context   map[string]string
	}{
		{"a code", "123456", map[string]string{"userpool-id": "us-east-1_EXAMPLE"}},
		{"no context", "123456", nil},
		{"several pairs", "123456", map[string]string{"b": "2", "a": "1", "c": ""}},
		{"no text", "", nil},
		{"more than ASCII", "Pässwört-1", map[string]string{"ä": "ö"}},
		{"the longest password", string(bytes.Repeat([]byte("x"), 256)), nil},
	} {
		t.Run(test.why, func(t *testing.T) {
			k := NewKey("cognitotest", "custom-sender")
			text, context, err := k.Open(k.Seal([]byte(test.text), test.context))
			if err != nil {
				t.Fatal(err)
			}
			if string(text) != test.text {
				t.Errorf("text = %q, want %q", text, test.text)
			}
			if diff := cmp.Diff(context, test.context); diff != "" {
				t.Errorf("context (-got +want):\n%s", diff)
			}
		})
	}
}

func TestEverySealIsAnother(t *testing.T) {
	k := known()
	if bytes.Equal(k.Seal([]byte("123456"), nil), k.Seal([]byte("123456"), nil)) {
		t.Error("two messages of the same text are equal")
	}
	if one, other := NewKey("a", "b"), NewKey("a", "b"); one == other {
		t.Error("two keys of the same name are equal")
	}
}

func TestNoByteOfAMessageCanChange(t *testing.T) {
	message := bytesOf(t, vector)
	// The length of frames, which a single frame does not need, is covered like all of the header.
	for i := range message {
		changed := bytes.Clone(message)
		changed[i] ^= 1
		if text, _, err := known().Open(changed); err == nil {
			t.Errorf("byte %d was changed, and the text is %q", i, text)
		}
	}
	for n := range message {
		if text, _, err := known().Open(message[:n]); err == nil {
			t.Errorf("only %d bytes are there, and the text is %q", n, text)
		}
	}
	if text, _, err := known().Open(append(message, 0)); err == nil {
		t.Errorf("a byte follows, and the text is %q", text)
	}
}

func TestMessagesAreForOneKey(t *testing.T) {
	message := bytesOf(t, vector)
	for _, test := range []struct {
		why  string
		edit func(*Key)
	}{
		{"another namespace", func(k *Key) { k.Namespace = "aws-raw" }},
		{"another name", func(k *Key) { k.Name = "custom-sendes" }},
		{"a name that is part of it", func(k *Key) { k.Name = "custom" }},
		{"another secret", func(k *Key) { k.Secret[31]++ }},
	} {
		k := known()
		test.edit(&k)
		if text, _, err := k.Open(message); err == nil {
			t.Errorf("%s: the text is %q", test.why, text)
		}
	}
}

// FuzzOpen looks for messages that Open panics at.
func FuzzOpen(f *testing.F) {
	message, err := base64.StdEncoding.DecodeString(vector)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(message)
	f.Add(known().Seal(nil, nil))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, in []byte) {
		text, _, err := known().Open(in)
		if err == nil && len(text) > len(in) {
			t.Errorf("%d bytes of text in a message of %d", len(text), len(in))
		}
	})
}
