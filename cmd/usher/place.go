package main

import "github.com/usher-desk/usher/internal/server"

// placeFlags say where the data lives. Commands that work on an installation share them.
type placeFlags struct {
	Data          string `placeholder:"DIR" help:"Folder of the SQLite database and the master key."`
	Postgres      string `placeholder:"URL" secret:"" help:"PostgreSQL address for the application's role, instead of SQLite."`
	PostgresOwner string `placeholder:"URL" secret:"" help:"PostgreSQL address for the role that owns the tables; used to migrate only."`
	MasterKey     string `placeholder:"FILE" help:"File of the master key (default: master.key in the data folder)."`
}

func (f placeFlags) place() server.Place { return server.Place(f) }

// repeated is how the flags are given again to another command.
func (f placeFlags) repeated() string {
	var text string
	for _, flag := range []struct{ name, value string }{{"--data", f.Data}, {"--master-key", f.MasterKey}} {
		if flag.value != "" {
			text += " " + flag.name + " " + flag.value
		}
	}
	if f.Postgres != "" {
		text += " --postgres …"
	}
	return text
}
