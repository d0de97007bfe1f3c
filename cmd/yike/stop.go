package main

import (
	"context"

	"yike/internal/postgres"
)

// stopCmd stops the private cluster.
type stopCmd struct {
	Dir string `help:"数据库集群的状态目录，默认为 YIKE_STATE_DIR / state folder of the cluster; YIKE_STATE_DIR by default" placeholder:"DIR"`
}

// Run stops the cluster of the state folder. It touches no database that DATABASE_URL
// names, and it is no error when nothing runs. A server that runs on the cluster ends
// by itself within seconds.
func (c *stopCmd) Run(ctx context.Context, a *app) error {
	stopped, err := postgres.StopCluster(ctx, orDefault(c.Dir, a.config.StateDir))
	if err != nil {
		return err
	}
	if stopped {
		return a.say("自带数据库已停止 / private database cluster stopped\n")
	}
	return a.say("自带数据库没有在运行 / the private database cluster was not running\n")
}
