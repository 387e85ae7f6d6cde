package real

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// markPrefix is how marks begin.
const markPrefix = "cognitotest-"

// newMark returns a name that nobody else has: the prefix, the second in base 36, 40 random bits, and a
// checksum, separated by hyphens.
func newMark(now time.Time) string {
	var b [5]byte
	rand.Read(b[:]) // never fails: see crypto/rand
	random := strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
	body := strconv.FormatInt(now.Unix(), 36) + "-" + random
	return markPrefix + body + "-" + checksum(body)
}

// checksum tells marks from names that look alike.
func checksum(body string) string {
	sum := sha256.Sum256([]byte(markPrefix + body))
	return hex.EncodeToString(sum[:3])
}

// marked reports whether a name is a mark, or an email address with a mark before the @.
func marked(name string) bool {
	name, _, _ = strings.Cut(name, "@")
	body, isMark := strings.CutPrefix(name, markPrefix)
	i := strings.LastIndexByte(body, '-')
	return isMark && i >= 0 && body[i+1:] == checksum(body[:i])
}
