// Cognitosweep removes what test runs that were killed have left in an account of AWS: the pools that
// package real has made and, with -pool, users, groups and app clients in a pool where tests were guests.
// Region and credentials are those of the AWS SDK's default chain.
//
//	cognitosweep -older-than 2h -dry-run
//	cognitosweep -older-than 2h -pool eu-central-1_AbCdEfGhI
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"text/tabwriter"
	"time"

	"github.com/cognitotest/cognito/real"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// run returns the exit status: 0 when nothing is left to do, 1 when something could not be done, 2 for a
// mistake in the arguments.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("cognitosweep", flag.ContinueOnError)
	flags.SetOutput(stderr)
	olderThan := flags.Duration("older-than", 0, "remove what was made before this `time` ago, such as 2h; longer than a run of your tests takes")
	pool := flags.String("pool", real.ConfigFromEnv().PoolID, "also sweep in the pool of this `id`")
	dryRun := flags.Bool("dry-run", false, "print what would be removed")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if *olderThan <= 0 || flags.NArg() > 0 {
		fmt.Fprintln(stderr, "cognitosweep: say how old is old enough: -older-than 2h")
		flags.Usage()
		return 2
	}
	c := real.ConfigFromEnv()
	c.PoolID, c.Logf = *pool, func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	if err := sweep(ctx, c, *olderThan, *dryRun, stdout); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func sweep(ctx context.Context, c real.Config, olderThan time.Duration, dryRun bool, w io.Writer) error {
	if dryRun {
		found, err := real.Leftovers(ctx, c, olderThan)
		list(w, found)
		fmt.Fprintf(w, "%d to remove\n", len(found))
		return err
	}
	swept, err := real.Sweep(ctx, c, olderThan)
	list(w, swept.Removed)
	fmt.Fprintf(w, "%d removed, %d left\n", len(swept.Removed), len(swept.Left))
	return err
}

// list prints leftovers as a table.
func list(w io.Writer, found []real.Leftover) {
	if len(found) == 0 {
		return
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "KIND\tID\tMARK\tPOOL\tCREATED")
	for _, l := range found {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", l.Kind, l.ID, l.Mark, l.PoolID, l.Created.UTC().Format(time.RFC3339))
	}
	table.Flush()
}
