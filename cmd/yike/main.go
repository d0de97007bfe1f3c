// Command yike is the whole product in one program: it loads data packs, computes
// coverage, serves the map and keeps its own database. This package alone wires the
// features together; the rules are in the packages that it joins.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"sync"
	"syscall"

	"github.com/alecthomas/kong"

	"yike/facilities/typedb"
	"yike/placenames/plates/doorpage"
)

// commands are the verbs, one file each.
type commands struct {
	Serve    serveCmd    `cmd:"" help:"启动地图服务；给出 DATA 时先载入 / serve the map; loads DATA first when it is given"`
	Load     loadCmd     `cmd:"" help:"载入数据包 / load a data pack"`
	Import   importCmd   `cmd:"" help:"导入设施表 / take a table of facilities in"`
	Coverage coverageCmd `cmd:"" help:"覆盖分析 / who is within walking reach of which facility"`
	Plates   platesCmd   `cmd:"" help:"门牌版面与校样 / sheets of address plates, and their proof"`
	Demo     demoCmd     `cmd:"" help:"演示数据 / make synthetic data"`
	Account  accountCmd  `cmd:"" help:"账号与角色 / accounts and their roles"`
	Audit    auditCmd    `cmd:"" help:"审计日志 / the audit log"`
	Token    tokenCmd    `cmd:"" help:"API 令牌 / API tokens for programs"`
	Migrate  migrateCmd  `cmd:"" help:"升级数据库结构 / bring the database schema up to date"`
	Stop     stopCmd     `cmd:"" help:"停止自带数据库 / stop the private database cluster"`

	Version kong.VersionFlag `help:"版本 / print the version"`
}

// app is what every verb is given.
type app struct {
	config config
	log    *slog.Logger
	stdout io.Writer
	stderr io.Writer

	typesOnce sync.Once
	types     *typedb.Catalogue // see catalogue

	missesOnce sync.Once
	misses     *doorpage.Misses // see doorMisses
}

// catalogue is the one source of facility types of this program.
func (a *app) catalogue() *typedb.Catalogue {
	a.typesOnce.Do(func() { a.types = typedb.New(a.config.Types) })
	return a.types
}

// Exit codes.
const (
	exitOK       = 0
	exitFailed   = 1
	exitBadInput = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks a second time does not want to wait
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run does one verb and gives the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	var verbs commands
	parser, err := kong.New(&verbs,
		kong.Name("yike"),
		kong.Description("一刻：十五分钟生活圈的设施、覆盖与缺口\nWho can walk to which service within a quarter of an hour, and who cannot."),
		kong.UsageOnError(), kong.Writers(stdout, stderr), kong.Vars{"version": version()},
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { panic(exit(code)) }),
	)
	if err != nil {
		return tell(stderr, fmt.Errorf("set up the command line: %w", err))
	}
	return catchExit(func() int {
		verb, err := parser.Parse(args)
		if err != nil {
			return tell(stderr, usageError{err})
		}
		cfg, err := loadConfig(getenv)
		if err != nil {
			return tell(stderr, err)
		}
		verb.BindTo(ctx, (*context.Context)(nil))
		return tell(stderr, verb.Run(&app{config: cfg, log: cfg.logger(stderr), stdout: stdout, stderr: stderr}))
	})
}

// exit carries the code of an early end (help, version) out of the parser.
type exit int

func catchExit(fn func() int) (code int) {
	defer func() {
		switch cause := recover().(type) {
		case nil:
		case exit:
			code = int(cause)
		default:
			panic(cause)
		}
	}()
	return fn()
}

// tell says for people what went wrong and gives the exit code.
func tell(w io.Writer, err error) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, context.Canceled):
		return exitFailed // a person stopped it and knows
	}
	fmt.Fprintf(w, "yike: %v\n", err) //nolint:errcheck // nobody is left to tell
	if isBadInput(err) {
		return exitBadInput
	}
	return exitFailed
}

// usageError marks an error as one of what was given, not of the program.
type usageError struct{ error }

// Unwrap gives the error itself.
func (e usageError) Unwrap() error { return e.error }

// BadInput makes the program end with exit code 2.
func (usageError) BadInput() bool { return true }

// badInput makes an error about what was given, in both languages.
func badInput(zh, en string) error { return usageError{fmt.Errorf("%s / %s", zh, en)} }

func isBadInput(err error) bool {
	var bad interface{ BadInput() bool }
	return errors.As(err, &bad) && bad.BadInput()
}

// version is the module's version and the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			v += " " + s.Value
		}
	}
	return v
}
