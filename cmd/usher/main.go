// Command usher is the whole of Usher: the server, its set-up, and the tools around it.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	_ "time/tzdata" // tenants name time zones; the machine may not know them

	"github.com/alecthomas/kong"

	"github.com/usher-desk/usher/internal/server"
)

// commands is the command line as people see it.
type commands struct {
	Config configFile `name:"config" placeholder:"FILE" help:"File with flags of usher serve, one on each line: name = value."`

	Serve   serveCommand   `cmd:"" help:"Serve people and programs over HTTP."`
	Init    initCommand    `cmd:"" help:"Set up a tenant with its first administrator."`
	Tenant  tenantCommands `cmd:"" help:"Make, list, suspend and resume tenants, from the machine that Usher runs on."`
	User    userCommands   `cmd:"" help:"Make, list and help the users of a tenant, from the machine that Usher runs on."`
	Recover recoverCommand `cmd:"" name:"recover-admin" help:"Let an administrator back in whom nobody else can help."`
	Desk    deskCommands   `cmd:"" help:"Try a desk out."`
	Keys    keysCommands   `cmd:"" help:"Look at keys and replace them."`
	InForce configCommand  `cmd:"" name:"config" help:"Print what usher serve would work with, and where each value is from."`
	Access  accessCommands `cmd:"" help:"Explain who may do what, and test access rules."`
	Token   tokenCommands  `cmd:"" help:"Look at tokens."`
	TOTP    totpCommand    `cmd:"" name:"totp" help:"Print the present code of a second factor."`
	Backup  backupCommand  `cmd:"" help:"Copy an installation into one file, or check such a copy."`
	Restore restoreCommand `cmd:"" help:"Make an installation from a backup."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema to this version."`
	OpenAPI openAPICommand `cmd:"" name:"openapi" help:"Print the API description (OpenAPI 3.1)."`
	Errors  errorsCommand  `cmd:"" help:"Print every error code with what would help."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

// How a command ends.
const (
	exitGood   = 0
	exitFailed = 1 // it was understood and could not be done
	exitUsage  = 2 // it was not understood
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr})
	stop()
	os.Exit(code)
}

// run is the program without the process around it.
func run(ctx context.Context, args []string, std streams) int {
	helped := false
	parser, err := kong.New(&commands{}, append(values(),
		kong.Name("usher"),
		kong.Description("Service desk and access control in one program. Nearly every flag can also be given as an environment variable, "+
			"whose name each command's --help shows: --master-key is USHER_MASTER_KEY."),
		kong.DefaultEnvars("USHER"),
		kong.Vars{"keep_free": strconv.Itoa(server.DefaultKeepFree >> 20)},
		kong.Writers(std.out, std.err),
		kong.Exit(func(int) { helped = true }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(std),
	)...)
	if err != nil {
		panic(err) // a wrong tag, found by the first test
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	switch {
	case helped:
		return exitGood
	case err != nil:
		return misread(std, err)
	}
	if err := command.Run(); err != nil {
		return complain(std, err)
	}
	return exitGood
}
