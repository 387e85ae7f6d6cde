package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/cognitotest/cognito/fake"
)

// keeper keeps the state of a server in a file, in the format of [fake.Server.Import].
//
// A save writes another file beside it and renames that, so that the file is whole at every moment; the
// operating system has it then, which a killed process cannot undo. That it survives a failure of the
// machine itself is not promised: nothing waits for the disk.
//
// A nil keeper keeps nothing.
type keeper struct {
	server *fake.Server
	path   string
	lock   io.Closer
	logf   func(string, ...any)

	asked atomic.Uint64 // saves that were wanted so far

	mu   sync.Mutex // guards everything below, and the file
	done uint64     // of those that were wanted, the last that a save has covered
	err  error      // of that save
	text []byte     // what the file holds
}

// unusable is a data file that cannot be loaded. The file is untouched.
type unusable struct{ error }

func (u unusable) Unwrap() error { return u.error }

// keep loads the file into the server, if there is one, and saves the state there for the first time. The
// path "" is that of no file.
func keep(server *fake.Server, path string, logf func(string, ...any)) (*keeper, error) {
	if path == "" {
		return nil, nil
	}
	path = resolved(path)
	lock, err := lockFile(path + ".lock")
	if err != nil {
		return nil, unusable{fmt.Errorf("-data %s: %w", path, err)}
	}
	k := &keeper{server: server, path: path, lock: lock, logf: logf}
	if err := k.load(); err != nil {
		lock.Close()
		return nil, err
	}
	if err := k.save(); err != nil {
		lock.Close()
		return nil, err
	}
	return k, nil
}

// resolved returns the file that a path leads to, be it there yet or not: a rename is to replace that, not
// a symbolic link to it.
func resolved(path string) string {
	if file, err := filepath.EvalSymlinks(path); err == nil {
		return file
	}
	to, err := os.Readlink(path)
	switch {
	case err != nil:
		return path
	case filepath.IsAbs(to):
		return to
	}
	return filepath.Join(filepath.Dir(path), to)
}

func (k *keeper) load() error {
	text, err := os.ReadFile(k.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unusable{fmt.Errorf("-data: %w", err)}
	}
	if err := k.server.Import(bytes.NewReader(text)); err != nil {
		return unusable{fmt.Errorf("-data %s: %w; mend the file, or move it away to begin anew", k.path, err)}
	}
	return nil
}

// Close saves the state a last time and gives the file free.
func (k *keeper) Close() error {
	if k == nil {
		return nil
	}
	return errors.Join(k.save(), k.lock.Close())
}

// save returns when the file holds all that has happened before the call. Who comes while a save is under
// way waits for the next one, which serves everybody who waits.
func (k *keeper) save() error {
	if k == nil {
		return nil
	}
	mine := k.asked.Add(1)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.done >= mine {
		return k.err
	}
	k.done = k.asked.Load()
	if k.err = k.write(); k.err != nil {
		k.err = fmt.Errorf("-data: the state could not be saved: %w", k.err)
		k.logf("%v", k.err)
	}
	return k.err
}

// write writes the file, unless it holds the state already.
func (k *keeper) write() error {
	var state bytes.Buffer
	if err := k.server.Export(&state); err != nil {
		return err
	}
	if bytes.Equal(state.Bytes(), k.text) {
		return nil
	}
	k.text = nil
	beside := k.path + ".tmp" // nobody else has it: see lockFile
	if err := os.Remove(beside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.WriteFile(beside, state.Bytes(), 0o600); err != nil {
		return errors.Join(err, os.Remove(beside)) // of a disk that is full already
	}
	if err := os.Rename(beside, k.path); err != nil {
		return err
	}
	k.text = state.Bytes()
	return nil
}

// handler answers as another handler does, but no answer to a request that may have changed something
// leaves before the file holds the change. Where that fails, the answer is the error, although the change
// has happened. A change whose answer a fault cuts off is saved too.
func (k *keeper) handler(h http.Handler) http.Handler {
	if k == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !reads(r) {
			saving := &savingWriter{ResponseWriter: w, keeper: k}
			defer saving.end()
			w = saving
		}
		h.ServeHTTP(w, r)
	})
}

// reads reports whether a request changes nothing: a fetch, or an operation that is called for reading,
// but for two that are not what they are called.
func reads(r *http.Request) bool {
	switch {
	case r.Method != http.MethodPost:
		return true
	case r.URL.Path != "/": // a form
		return false
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	switch operation {
	case "GetUserAttributeVerificationCode", "GetTokensFromRefreshToken":
		return false
	}
	for _, verb := range []string{"Get", "List", "Describe"} {
		if strings.HasPrefix(strings.TrimPrefix(operation, "Admin"), verb) {
			return true
		}
	}
	return false
}

// savingWriter saves before the first byte of an answer leaves.
type savingWriter struct {
	http.ResponseWriter
	keeper *keeper
	begun  bool
	failed bool
}

// Unwrap is for [http.ResponseController].
func (w *savingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader begins the answer.
func (w *savingWriter) WriteHeader(status int) {
	if !w.begun {
		w.begin()
	}
	if !w.failed {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Write writes a part of the answer.
func (w *savingWriter) Write(body []byte) (int, error) {
	if !w.begun {
		w.begin()
	}
	if w.failed {
		return len(body), nil
	}
	return w.ResponseWriter.Write(body)
}

// end saves where there was no answer.
func (w *savingWriter) end() {
	if !w.begun {
		w.keeper.save() // which logs its errors
	}
}

func (w *savingWriter) begin() {
	w.begun = true
	err := w.keeper.save()
	if err == nil {
		return
	}
	w.failed = true
	h := w.Header()
	h.Del("Content-Length")
	h.Set("Content-Type", "application/x-amz-json-1.1")
	h.Set("X-Amzn-Errortype", "InternalErrorException:")
	w.ResponseWriter.WriteHeader(http.StatusInternalServerError)
	fmt.Fprintf(w.ResponseWriter, `{"__type":"InternalErrorException","message":%q}`, err.Error())
}
