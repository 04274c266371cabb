package main

import (
	"fmt"
	"runtime/debug"
)

// version is set when a release is built.
var version = ""

// programVersion is the release, or what the build knows of its source.
func programVersion() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "devel"
}

type versionCommand struct{}

// Help is the example that --help shows.
func (versionCommand) Help() string { return "Example:\n\n  usher version" }

// Run prints the version.
func (versionCommand) Run(std streams) error {
	_, err := fmt.Fprintln(std.out, "usher", programVersion())
	return err
}
