package main

import "github.com/usher-desk/usher/internal/server"

// placeFlags say where the data lives. Commands that work on an installation share them.
type placeFlags struct {
	Data          string `placeholder:"DIR" help:"Folder of the SQLite database and the master key."`
	Postgres      string `placeholder:"URL" help:"PostgreSQL address for the application's role, instead of SQLite."`
	PostgresOwner string `placeholder:"URL" help:"PostgreSQL address for the role that owns the tables; used to migrate only."`
	MasterKey     string `placeholder:"FILE" help:"File of the master key (default: master.key in the data folder)."`
}

func (f placeFlags) place() server.Place { return server.Place(f) }
