package facilityimport

import (
	"fmt"
	"slices"
	"strings"

	"yike/facilities"
	"yike/internal/pack"
	"yike/internal/pack/packimport"
	"yike/internal/record"
)

// declared notes which columns of the file are fields of types. One that no type declares is
// a fault: read over in silence, a slip of the pen would leave a field empty for ever.
func (r *reader) declared(table *packimport.Table, layer pack.Named) {
	for _, column := range table.Named(pack.TypeFields) {
		name := strings.TrimPrefix(column, pack.TypeFields)
		if slices.ContainsFunc(r.types, func(t facilities.TypeInfo) bool { _, ok := t.Field(name); return ok }) {
			r.columns = append(r.columns, name)
			continue
		}
		table.Faults.Add(pack.Fault{
			File: layer.File, Field: column,
			Reason: pack.Text{ZH: "没有任何设施类型有这个字段", EN: "no facility type declares such a field"},
		})
	}
}

// codesOf gives records by the codes that no two may have. Tombstones have none.
func codesOf(list []facilities.Facility) map[string]facilities.Facility {
	out := map[string]facilities.Facility{}
	for _, f := range list {
		if len(f.ReplacedBy) == 0 {
			out["institution_code "+f.InstitutionCode], out["bureau_no "+f.BureauNo] = f, f
		}
	}
	return out
}

// register reads what other registers know of a place, and when somebody was there last.
func (r *reader) register(row *packimport.Row, f *facilities.Facility) {
	f.USCC, f.InstitutionCode, f.BureauNo = row.Text("uscc"), row.Text("institution_code"), row.Text("bureau_no")
	if f.USCC != "" && !facilities.ValidUSCC(f.USCC) {
		row.Fault("uscc", f.USCC, "不是有效的统一社会信用代码：应为 18 位且校验位相符", "is no unified social credit code: 18 characters, of which the last checks the others")
	}
	for _, code := range []struct{ column, value string }{{"institution_code", f.InstitutionCode}, {"bureau_no", f.BureauNo}} {
		key := code.column + " " + code.value
		if code.value != "" && r.seen[key] {
			row.Fault(code.column, code.value, "重复", "is used twice")
		}
		if other, ok := r.kept[key]; ok && code.value != "" && other.SourceID != f.SourceID {
			row.Fault(code.column, code.value, "已用于人员登记或修改过的“"+other.NameZH+"”", fmt.Sprintf("is that of %q, which people registered or changed", other.NameZH))
		}
		r.seen[key] = true
	}
	if text := row.Text("verified_on"); text != "" {
		day, fault := facilities.FieldInfo{Kind: facilities.Date}.Read(text)
		if fault != nil {
			row.Fault("verified_on", text, fault.ZH, fault.EN)
			return
		}
		word, _ := day.(string)
		f.VerifiedOn = record.Day(word)
	}
}

// typeFields reads what the type of a row declares. An empty cell is not known; one that is
// filled in under a field of another type is a fault.
func (r *reader) typeFields(row *packimport.Row, f *facilities.Facility) {
	info, ok := (facilities.Types{Types: r.types}).Find(f.Type)
	if !ok {
		return // said of the type already
	}
	for _, name := range r.columns {
		column := pack.TypeFields + name
		text := row.Text(column)
		if text == "" {
			continue
		}
		field, ok := info.Field(name)
		if !ok {
			row.Fault(column, text, info.ZH+"没有这个字段", "the type "+info.EN+" has no such field")
			continue
		}
		v, fault := field.Read(text)
		if fault != nil {
			row.Fault(column, text, fault.ZH, fault.EN)
			continue
		}
		if f.Fields == nil {
			f.Fields = map[string]any{}
		}
		f.Fields[name] = v
	}
	if row.Bad() {
		return
	}
	for _, fault := range facilities.ValidateFields(info, f.Fields) { // a part above its whole
		row.Fault(fault.Field, fault.Value, fault.ZH, fault.EN)
	}
	r.capacity(row, info, f)
}

// capacity makes one number of the capacity and the field that it follows.
func (r *reader) capacity(row *packimport.Row, info facilities.TypeInfo, f *facilities.Facility) {
	n, ok := f.Fields[info.CapacityField].(float64)
	if !ok {
		return
	}
	given := f.Capacity
	f.Capacity = 0
	*f = facilities.Settle(facilities.Facility{}, *f, r.types)
	if given != 0 && given != f.Capacity {
		field, _ := info.Field(info.CapacityField)
		row.Fault("capacity", fmt.Sprint(given), fmt.Sprintf("与%s（%v）不一致", field.ZH, n), fmt.Sprintf("is not the %s (%v)", field.EN, n))
	}
}
