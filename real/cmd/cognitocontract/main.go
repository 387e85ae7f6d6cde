// Cognitocontract runs the contract of package backendtest on AWS and reports where the service differs from
// it, in a Markdown file without secrets, ids and addresses. Run it in a checkout, with the region and the
// credentials of the AWS SDK's default chain:
//
//	go run ./real/cmd/cognitocontract -o report.md
//
// It makes and deletes about 1,100 user pools, sends about ten e-mails to addresses of example.com, and takes five
// minutes at the default request rates (COGNITOTEST_RATES). What it leaves when it is killed, cognitosweep removes, but
// for pools whose tags or deletion protection were being tested: look for names that begin with cognitotest.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stderr))
}

// settings are what the arguments say.
type settings struct {
	out, from, behaviours string
	parallel              int
	timeout               time.Duration
}

// run returns the exit status: 0 where the contract holds, 1 where it does not or was not run, 2 for a mistake
// in the arguments.
func run(ctx context.Context, args []string, stderr io.Writer) int {
	s, err := parse(args, stderr)
	if err != nil {
		return 2
	}
	record, err := s.record(ctx, stderr)
	if err == nil {
		err = s.write(record)
	}
	if err != nil {
		fmt.Fprintln(stderr, "cognitocontract:", err)
		return 1
	}
	all := record.behaviours()
	fmt.Fprintf(stderr, "%s; see %s\n", all.summary(), s.out)
	if all.count(failed)+all.count(unfinished) > 0 {
		return 1
	}
	return 0
}

func parse(args []string, stderr io.Writer) (settings, error) {
	var s settings
	flags := flag.NewFlagSet("cognitocontract", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&s.out, "o", "report.md", "write the report to this `file`")
	flags.StringVar(&s.from, "from", "", "report on a `file` that go test -json wrote, and run nothing")
	flags.StringVar(&s.behaviours, "run", "", "run the behaviours that match this `regexp`")
	flags.IntVar(&s.parallel, "parallel", 16, "behaviours at one time")
	flags.DurationVar(&s.timeout, "timeout", time.Hour, "when to give up")
	err := flags.Parse(args)
	if err == nil && flags.NArg() > 0 {
		err = errors.New("cognitocontract: it takes no arguments but flags")
		fmt.Fprintln(stderr, err)
		flags.Usage()
	}
	return s, err
}

// record reads the events of a run, or of an earlier one.
func (s settings) record(ctx context.Context, stderr io.Writer) (*record, error) {
	if s.from == "" {
		return s.test(ctx, stderr)
	}
	f, err := os.Open(s.from)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := newRecord()
	return r, r.read(f, io.Discard)
}

// test runs the contract, and tells how far it is.
func (s settings) test(ctx context.Context, stderr io.Writer) (*record, error) {
	cmd := exec.CommandContext(ctx, "go", "test", "-json", "-tags", "integration", "-count=1", "-timeout", s.timeout.String(),
		"-parallel", strconv.Itoa(s.parallel), "-run", "^("+root+"|"+fakeRoot+")$/"+s.behaviours, "github.com/cognitotest/cognito/cognitotest/backendtest")
	cmd.Stderr = stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return nil, err
	}
	r := newRecord()
	err = r.read(out, stderr)
	if ended := cmd.Wait(); err == nil && ctx.Err() != nil {
		err = fmt.Errorf("interrupted (%w); remove what is left with: go run ./real/cmd/cognitosweep -older-than 1m", ended)
	}
	return r, err // that tests fail is for the report to tell
}

// write writes the report.
func (s settings) write(r *record) error {
	if all := r.behaviours(); all.count(passed)+all.count(failed) == 0 {
		return fmt.Errorf("the contract was not run:\n%s", scrub(r.log()))
	}
	return os.WriteFile(s.out, []byte(r.markdown(s.environment())), 0o644)
}
