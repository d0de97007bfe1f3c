package rowio_test

import (
	"fmt"
	"testing"
)

const (
	xxe    = `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>`
	laughs = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>`
)

// hostileWorkbooks are workbooks whose archive is in order.
func hostileWorkbooks(t testing.TB) []hostile {
	var all []hostile
	add := func(name, want string, changes map[string]string) {
		all = append(all, hostile{"workbook: " + name, "a.xlsx", archive(t, bookMembers(changes)...), want})
	}
	sheet := func(name, want, xml string) { add(name, want, map[string]string{"xl/worksheets/sheet1.xml": xml}) }
	rows := func(name, want, more string) { sheet(name, want, sheetXML(more)) }

	for _, part := range []string{"_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"} {
		add("an outside entity in "+part, "DOCTYPE", map[string]string{part: `<?xml version="1.0"?>` + xxe + `<a>&x;</a>`})
		add("a billion laughs in "+part, "DOCTYPE", map[string]string{part: laughs + `<a>&c;</a>`})
		add("text that is not UTF-8 in "+part, "damaged", map[string]string{part: "<a>\xc3\x28</a>"})
		add("tags ten thousand deep in "+part, "damaged", map[string]string{part: repeat("<a>", 10_000)})
	}
	for _, part := range []string{"xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"} {
		add("nothing in "+part, "?", map[string]string{part: ""})
		add("UTF-16 in "+part, "damaged", map[string]string{part: "\xff\xfe<\x00a\x00/\x00>\x00"})
	}
	add("a sheet that is the password file", "missing", map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="../../../../../../etc/passwd"/></Relationships>`})
	add("a sheet elsewhere", "no sheet", map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" TargetMode="External" Target="http://127.0.0.1:9/sheet1.xml"/></Relationships>`})
	add("a workbook that is itself", "no sheet", map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet2" Target="workbook.xml"/></Relationships>`})
	add("a sheet that is the workbook", "nothing in the workbook", map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="workbook.xml"/></Relationships>`})
	add("a thousand sheets", "more than 256 sheets", map[string]string{"xl/workbook.xml": `<workbook>` + numbered(1000, `<sheet name="s%d" id="r1"/>`) + `</workbook>`})
	add("two hundred sheets of one part", "?", map[string]string{"xl/workbook.xml": `<workbook>` + numbered(200, `<sheet name="s%d" id="r1"/>`) + `</workbook>`})
	add("a sheet with a name that is a path", "", map[string]string{"xl/workbook.xml": `<workbook><sheet name="../../evil" id="r1"/></workbook>`})
	add("twenty thousand relationships", "too many relationships", map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships>` + numbered(20_000, `<Relationship Id="r%d" Type="x" Target="y"/>`) + `</Relationships>`})
	add("a template mark of nonsense", "", map[string]string{
		"xl/workbook.xml":            `<workbook><sheet name="台账" id="r1"/><sheet name="_yike" state="hidden" id="r9"/></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r9" Type="x/worksheet" Target="sharedStrings.xml"/></Relationships>`,
	})
	add("a text number that does not exist", "missing", map[string]string{"xl/sharedStrings.xml": `<sst><si><t>名称</t></si></sst>`})
	add("a shared text of ten megabytes", "more than", map[string]string{"xl/sharedStrings.xml": `<sst><si><t>` + noise(10<<20) + `</t></si></sst>`})
	add("a style that does not exist", "", map[string]string{"xl/styles.xml": `<styleSheet/>`})
	add("a hundred thousand formats", "", map[string]string{"xl/styles.xml": `<styleSheet><cellXfs>` + numbered(100_000, `<xf numFmtId="%d"/>`) + `</cellXfs></styleSheet>`})
	add("a format of a megabyte", "?", map[string]string{"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="0" formatCode="` + noise(500_000) + `"/></numFmts><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>`})

	rows("row numbers that go back", "out of order", `<row r="1"/>`)
	rows("a row number below zero", "out of order", `<row r="-5"><c><v>1</v></c></row>`)
	rows("a row number past Excel's", "out of order", `<row r="99999999999999999999"/>`)
	rows("columns past Excel's", "more than 256 columns", `<row r="3"><c r="ZZZZZZZZ3"><v>1</v></c></row>`)
	rows("column 300", "more than 256 columns", `<row r="3"><c r="KN3"><v>1</v></c></row>`)
	rows("cells that go back", "out of order", `<row r="3"><c r="B3"/><c r="A3"/></row>`)
	rows("too many rows", "more than 20000 rows", repeat(`<row><c><v>1</v></c></row>`, 20_000))
	rows("too many empty rows", "more than 20000 rows", repeat(`<row/>`, 30_000))
	rows("a cell of ten megabytes", "more than", `<row r="3"><c t="str"><v>`+noise(10<<20)+`</v></c></row>`)
	rows("an inline cell of ten megabytes", "more than", `<row r="3"><c t="inlineStr"><is><t>`+noise(10<<20)+`</t></is></c></row>`)
	rows("a tag of ten megabytes", "damaged", `<row r="3"><c r="A3" x="`+noise(10<<20)+`"/></row>`)
	rows("cells that breaks off", "damaged", `<row r="3"><c r="A3"><v>`)
	rows("formulas that call programs", "", `<row r="3"><c r="A3" t="str"><f>cmd|' /C calc'!A0</f><v>=cmd|' /C calc'!A0</v></c><c r="B3"><f>HYPERLINK("http://127.0.0.1:9")</f><v>1</v></c></row>`)
	rows("a link by DDE as text", "", `<row r="3"><c r="A3" t="inlineStr"><is><t>=DDE("cmd";"/C calc";"x")</t></is></c></row>`)
	rows("every kind of bad number", "not one", `<row r="3"><c r="A3"><v>NaN</v></c><c r="B3"><v>1e999</v></c></row><row r="4"><c r="A4" s="1"><v>-1e300</v></c><c r="B4" s="99999999999"><v>0x10</v></c></row>`)
	rows("days past all calendars", "", `<row r="3"><c r="A3" s="1"><v>2958466</v></c><c r="B3" s="1"><v>-1</v></c></row>`)
	rows("controls and turned writing", "", `<row r="3"><c r="A3" t="str"><v>a_x0000__x0007__x202E_b`+"\u202e\u2066"+`c</v></c></row>`)
	rows("errors as values", "error of a formula", `<row r="3"><c r="A3" t="e"><v>#DIV/0!</v></c></row>`)
	rows("an unknown type of cell", "", `<row r="3"><c r="A3" t="zzz"><v>1</v></c></row>`)
	rows("text numbers that are none", "missing", `<row r="3"><c r="A3" t="s"><v>-1</v></c><c r="B3" t="s"><v>x</v></c></row>`)
	sheet("sizes that lie", "", `<worksheet><dimension ref="A1:XFD1048576"/><cols><col min="1" max="16384" hidden="1"/></cols>`+sheetXML("")[len("<worksheet>"):])
	sheet("a merge over everything", "", `<worksheet>`+sheetXML("")[len("<worksheet>"):len(sheetXML(""))-len("</worksheet>")]+`<mergeCells><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2:A1"/><mergeCell ref="zzz"/><mergeCell ref="A0:A-1"/></mergeCells></worksheet>`)
	sheet("too many merges", "ranges are merged", sheetXML("")[:len(sheetXML(""))-len("</worksheet>")]+`<mergeCells>`+numbered(250_000, `<mergeCell ref="A1:B%d"/>`)+`</mergeCells></worksheet>`)
	sheet("two sets of rows", "", `<worksheet><sheetData><row r="1"><c t="str"><v>名称</v></c><c t="str"><v>床位</v></c></row></sheetData><sheetData><row r="2"><c><v>1</v></c></row></sheetData></worksheet>`)
	sheet("no rows: nothing", "nothing in the workbook", `<worksheet/>`)
	for i := range 6 {
		text := sheetXML("")
		sheet(fmt.Sprintf("a sheet cut after %d sixths", i), "damaged", text[:len(text)*i/6+1])
	}
	return all
}

// noise is text that hardly packs, so that it is no bomb.
func noise(n int) string {
	b := make([]byte, n)
	x := uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-"[x>>26]
	}
	return string(b)
}
