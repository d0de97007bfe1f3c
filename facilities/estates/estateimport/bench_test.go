package estateimport_test

import (
	"bytes"
	"fmt"
	"testing"

	"yike/facilities/estates/estateimport"
	"yike/facilities/estates/estatelist"
	"yike/internal/xlsx"
)

// manyEstates is a workbook of estates with three rooms each, a sheet of each kind.
func manyEstates(b *testing.B, n int) string {
	b.Helper()
	w := xlsx.NewWriter()
	defer w.Close() //nolint:errcheck // it is a benchmark's
	table := func(name string, heads ...string) *xlsx.TableWriter {
		spec := xlsx.TableSpec{Name: name}
		for _, h := range heads {
			spec.Columns = append(spec.Columns, xlsx.Column{Head: h})
		}
		t, err := w.Table(spec)
		if err != nil {
			b.Fatal(err)
		}
		return t
	}
	row := func(t *xlsx.TableWriter, values ...any) {
		if err := t.Row(values...); err != nil {
			b.Fatal(err)
		}
	}
	whole := table("小区", "小区名称", "村居", "建设单位", "规划户数", "用地面积（公顷）", "地上住宅建筑面积", "竣工日期")
	for i := range n {
		row(whole, fmt.Sprintf("批量小区%d", i), "花园社区", "某某置业有限公司", fmt.Sprint(300+i%900), "3.25", "9.6万㎡", "2025年6月30日")
	}
	rooms := table("用房", "小区名称", "用房名称", "用途", "楼栋", "楼层", "房号", "建筑面积（㎡）", "独立出入口")
	for i := range n {
		for k, use := range []string{"社区服务", "养老服务", "物业管理用房"} {
			row(rooms, fmt.Sprintf("批量小区%d", i), use+"用房", use, "1号楼", "1", fmt.Sprintf("10%d", k), fmt.Sprint(100+i%300), "是")
		}
	}
	var out bytes.Buffer
	if _, err := w.WriteTo(&out); err != nil {
		b.Fatal(err)
	}
	return keep(b, "小区.xlsx", out.Bytes())
}

// BenchmarkRead reads a workbook of 5,000 estates with 15,000 rooms, and decides about them.
func BenchmarkRead(b *testing.B) {
	path := manyEstates(b, 5000)
	for b.Loop() {
		f, err := estateimport.Read(b.Context(), path, "小区.xlsx", options())
		if err != nil {
			b.Fatal(err)
		}
		if t := estatelist.Decide(nil, f.Lists).Told(); t.Rooms.Created != 15_000 {
			b.Fatalf("%+v", t.Rooms)
		}
	}
}
