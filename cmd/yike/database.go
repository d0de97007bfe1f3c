package main

import (
	"context"
	"fmt"

	"yike/internal/postgres"
)

// openDB opens the database that DATABASE_URL names, or else the private cluster,
// which is started when it does not run; either is migrated first. The caller closes
// it. The cluster goes on running; yike stop ends it.
func (a *app) openDB(ctx context.Context) (*postgres.DB, error) {
	url, err := a.databaseURL(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := a.migrate(ctx, url); err != nil {
		return nil, err
	}
	return postgres.Open(ctx, url)
}

// databaseURL gives the address of the database, password included, and starts the
// private cluster when that is the one.
func (a *app) databaseURL(ctx context.Context) (string, error) {
	if a.config.DatabaseURL != "" {
		return string(a.config.DatabaseURL), nil
	}
	cluster, err := a.startCluster(ctx, false)
	if err != nil {
		return "", err
	}
	return cluster.URL(), nil
}

// reviveDatabase gives the address too, and brings back a private cluster that died,
// but not one that somebody stopped: that is postgres.ErrStopped.
func (a *app) reviveDatabase(ctx context.Context) (string, error) {
	if a.config.DatabaseURL != "" {
		return string(a.config.DatabaseURL), nil
	}
	cluster, err := a.startCluster(ctx, true)
	if err != nil {
		return "", err
	}
	return cluster.URL(), nil
}

func (a *app) startCluster(ctx context.Context, revive bool) (*postgres.Cluster, error) {
	cluster, err := postgres.StartCluster(ctx, postgres.ClusterConfig{Dir: a.config.StateDir, Log: a.log, Revive: revive})
	if err != nil {
		return nil, err
	}
	if !cluster.Attached() {
		a.log.InfoContext(ctx, "private database cluster started", "dir", cluster.Dir())
	}
	if cluster.Dir() != a.config.StateDir {
		a.log.InfoContext(ctx, "the database user cannot reach the state folder, so the cluster lives elsewhere",
			"asked", a.config.StateDir, "used", cluster.Dir())
	}
	return cluster, nil
}

func (a *app) migrate(ctx context.Context, url string) (int, error) {
	n, err := postgres.Migrate(ctx, url)
	if zh, en, ok := postgres.Refusal(err); ok && a.config.DatabaseURL != "" {
		return 0, usageError{fmt.Errorf("DATABASE_URL：%s / %s: %w", zh, en, err)}
	}
	if err != nil {
		return 0, err
	}
	if n > 0 {
		a.log.InfoContext(ctx, "database schema brought up to date", "migrations", n)
	}
	return n, nil
}
