package main

import (
	"context"
	"errors"
	"fmt"

	"yike/cmd/yike/demogen"
)

// demoCmd makes synthetic data.
type demoCmd struct {
	Generate demoGenerateCmd `cmd:"" help:"生成合成演示区数据包 / write a synthetic district as a data pack"`
}

// demoGenerateCmd writes one synthetic district.
type demoGenerateCmd struct {
	People int    `help:"常住人口数，精确到人 / residents of the district, exactly" default:"20000" placeholder:"N"`
	Seed   uint64 `help:"随机种子，相同则逐字节相同 / which district: the same number gives the same bytes" default:"1" placeholder:"S"`
	Dir    string `arg:"" help:"输出目录：不存在、为空或由本命令写过 / folder to write: absent, empty, or written by this command before" placeholder:"DIR"`
}

// Run generates the pack and says what is in it.
func (c *demoGenerateCmd) Run(ctx context.Context, a *app) error {
	s, err := demogen.Generate(ctx, demogen.Options{People: c.People, Seed: c.Seed}, c.Dir)
	switch {
	case errors.Is(err, demogen.ErrPeople), errors.Is(err, demogen.ErrNotOurs):
		return usageError{err}
	case err != nil:
		return fmt.Errorf("generate a synthetic district: %w", err)
	}
	_, err = fmt.Fprintf(a.stdout, `合成演示数据已写入 / synthetic district written to %s
  常住人口 residents     %d
  户 households          %d
  街镇 subdistricts      %d
  社区（村） communities   %d
  建筑 buildings         %d
  设施 facilities        %d
  小区门 gates           %d (%d 锁闭 locked)
`, c.Dir, s.People, s.Households, s.Subdistricts, s.Communities, s.Buildings, s.Facilities, s.Gates, s.LockedGates)
	if err != nil {
		return fmt.Errorf("print the summary: %w", err)
	}
	return nil
}
