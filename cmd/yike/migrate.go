package main

import (
	"context"
	"fmt"
)

// migrateCmd brings the schema up to date and ends.
type migrateCmd struct{}

// Run migrates the database that DATABASE_URL names, or the private cluster's.
func (migrateCmd) Run(ctx context.Context, a *app) error {
	url, err := a.databaseURL(ctx)
	if err != nil {
		return err
	}
	n, err := a.migrate(ctx, url)
	if err != nil {
		return err
	}
	return a.say("数据库结构已是最新，本次执行 %d 个升级 / schema up to date; ran %d migrations\n", n, n)
}

// say prints a line for people on the standard output.
func (a *app) say(format string, args ...any) error {
	if _, err := fmt.Fprintf(a.stdout, format, args...); err != nil {
		return fmt.Errorf("print: %w", err)
	}
	return nil
}
