package fake

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
)

// RoundTrip answers a request in the caller's goroutine, without a socket, whatever host its URL
// names. It makes a Server an [http.RoundTripper]: &http.Client{Transport: server} reaches it, also
// within a testing/synctest bubble.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.WithContext(r.Context()) // a copy: the caller's request must stay as it is
	in.Host = cmp.Or(in.Host, in.URL.Host)
	if in.URL.Path == "" {
		root := *in.URL
		root.Path = "/"
		in.URL = &root
	}
	if in.Body == nil {
		in.Body = http.NoBody
	}
	w := &recorder{header: http.Header{}, status: http.StatusOK}
	cut := s.serveCut(w, in)
	switch err := r.Context().Err(); {
	case err != nil:
		return nil, err
	case cut && w.body.Len() == 0:
		return nil, io.EOF // as a transport with a socket
	case cut:
		return w.response(r, cutBody{&w.body}), nil
	}
	return w.response(r, &w.body), nil
}

// serveCut is ServeHTTP, and reports whether that ended the connection.
func (s *Server) serveCut(w http.ResponseWriter, r *http.Request) (cut bool) {
	defer func() {
		switch p := recover(); p {
		case nil:
		case http.ErrAbortHandler:
			cut = true
		default:
			panic(p)
		}
	}()
	s.ServeHTTP(w, r)
	return false
}

// cutBody is a body whose connection ends before it does.
type cutBody struct{ io.Reader }

func (b cutBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// recorder is a ResponseWriter that keeps the answer. net/http/httptest has one too, but brings the
// flags of testing with it.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (w *recorder) Header() http.Header         { return w.header }
func (w *recorder) WriteHeader(status int)      { w.status = status }
func (w *recorder) Write(b []byte) (int, error) { return w.body.Write(b) }

func (w *recorder) response(r *http.Request, body io.Reader) *http.Response {
	if r.Method == http.MethodHead {
		body = http.NoBody
	}
	length := int64(-1)
	if body == &w.body {
		length = int64(w.body.Len())
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", w.status, http.StatusText(w.status)),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.header,
		Body:          io.NopCloser(body),
		ContentLength: length,
		Request:       r,
	}
}
