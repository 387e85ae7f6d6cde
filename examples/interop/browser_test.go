package interop

import (
	"context"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// browser starts a headless Chromium for a test, or skips the test where there is none.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		t.Skip("Chromium is not installed: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox)
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// tab is a tab of a browser, used by somebody who has a keyboard alone.
type tab struct {
	*testing.T
	ctx   context.Context
	width int64

	mu       sync.Mutex // guards what follows
	problems []string   // that the console tells of
	requests []string
}

// newTab opens a tab of some width, whose visitor wants no motion.
func newTab(t *testing.T, browser context.Context, width int64) *tab {
	t.Helper()
	ctx, closeTab := chromedp.NewContext(browser)
	t.Cleanup(closeTab)
	b := &tab{T: t, ctx: ctx, width: width}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	viewport := chromedp.EmulateViewport(width, 800)
	if width < 500 {
		viewport = chromedp.EmulateViewport(width, 800, chromedp.EmulateMobile)
	}
	b.do(viewport)
	send(b, network.Enable, network.EnableParams{})
	send(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}})
	return b
}

// hear notes what the browser tells.
func (b *tab) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.problems = append(b.problems, string(e.Type)+" from a script")
	case *log.EventEntryAdded:
		if serious := e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning; serious && !corrects(e.Entry) {
			b.problems = append(b.problems, e.Entry.Text)
		}
	}
}

// corrects reports whether an entry tells of nothing but the status of a page that says what was wrong with a form.
func corrects(e *log.Entry) bool {
	return e.Source == log.EntrySourceNetwork && (strings.Contains(e.Text, "status of 422") || strings.Contains(e.Text, "status of 401"))
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// open goes to a URL.
func (b *tab) open(url string) {
	b.Helper()
	b.do(chromedp.Navigate(url))
}

// press presses keys.
func (b *tab) press(keys string) {
	b.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// stop is the element that has the focus.
type stop struct {
	Name, Tag         string
	Outlined, InSight bool
}

const focused = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return {};
	const box = e.getBoundingClientRect();
	const name = e.labels?.[0]?.textContent ?? e.getAttribute("aria-label") ?? e.textContent;
	return {
		Name: name.trim().replace(/\s+/g, " "), Tag: e.tagName,
		Outlined: getComputedStyle(e).outlineStyle !== "none",
		InSight: box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
	};
})()`

// tabTo presses Tab until the element of a name has the focus. Each on the way must be in sight and show that
// it has the focus.
func (b *tab) tabTo(name string) {
	b.Helper()
	var passed []string
	for range 200 {
		b.press(kb.Tab)
		s := evaluate[stop](b, focused)
		if s.Tag != "" && (!s.Outlined || !s.InSight) {
			b.Errorf("%s %q has the focus: outlined %v, in sight %v", s.Tag, s.Name, s.Outlined, s.InSight)
		}
		if s.Name == name {
			return
		}
		passed = append(passed, s.Name)
	}
	b.Fatalf("Tab does not lead to %q on %s but to %q", name, evaluate[string](b, "location.href"), passed)
}

// follow goes to a link or button by Tab and presses it.
func (b *tab) follow(name string) {
	b.Helper()
	b.tabTo(name)
	b.press(kb.Enter)
}

// fill goes to a field by Tab and types into it.
func (b *tab) fill(field, text string) {
	b.Helper()
	b.tabTo(field)
	send(b, input.InsertText, input.InsertTextParams{Text: text})
}

// want waits until a text stands on the page, and checks that the page is not wider than the window.
func (b *tab) want(text string) {
	b.Helper()
	const ready = `document.readyState === "complete" ? document.body.innerText.replace(/\s+/g, " ") : ""`
	var last string
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		last, _ = chromedp.Run(b.ctx, chromedp.Evaluate[string](ready)) // an error while a page goes
		if strings.Contains(last, text) {
			if width := evaluate[int64](b, "document.documentElement.scrollWidth"); width > b.width {
				b.Errorf("%s is %d pixels wide in a window of %d", evaluate[string](b, "location.href"), width, b.width)
			}
			return
		}
	}
	b.Fatalf("%q is not on the page: %s", text, last)
}

// wantQuiet checks that the console is empty and that nothing was asked for elsewhere.
func (b *tab) wantQuiet(home string) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, text := range b.problems {
		b.Errorf("the console says: %s", text)
	}
	if len(b.requests) == 0 {
		b.Error("no request was seen")
	}
	for _, url := range b.requests {
		if !strings.HasPrefix(url, home) && !strings.HasPrefix(url, "data:") { // icons of the browser's own
			b.Errorf("a page asked for %s", url)
		}
	}
}

// send sends the browser a command.
func send[P, R any](b *tab, command cdp.Command[P, R], params P) R {
	b.Helper()
	result, err := chromedp.Call(b.ctx, command, params)
	if err != nil {
		b.Fatalf("%s: %v", command.Method, err)
	}
	return result
}

func evaluate[T any](b *tab, script string) T {
	b.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](script))
	if err != nil {
		b.Fatalf("%s: %v", script, err)
	}
	return v
}
