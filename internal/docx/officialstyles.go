package docx

// The looks of an official letter: text in Fangsong of size 3 (16 points), the title in
// Xiaobiaosong of size 2 (22 points), whatever fonts the reader's machine has instead.
const (
	song   = `<w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="方正小标宋简体"/>`
	beyond = `<w:ind w:left="-397" w:right="-397"/>` // the red lines are 170 mm long, the text 156

	officialStyles = `<w:styles ` + officialSpaces + `>` +
		`<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:cs="Times New Roman" w:eastAsia="仿宋_GB2312"/>` +
		`<w:sz w:val="32"/><w:szCs w:val="32"/><w:lang w:val="en-US" w:eastAsia="zh-CN"/></w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>` +
		`<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/><w:pPr><w:widowControl w:val="0"/><w:spacing w:line="579" w:lineRule="exact"/><w:jc w:val="both"/></w:pPr></w:style>` +
		`<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/><w:left w:w="85" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="85" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterHead"><w:name w:val="发文机关标志"/><w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:bottom w:val="thickThinSmallGap" ` + redLine + `</w:pBdr><w:snapToGrid w:val="0"/><w:spacing w:line="240" w:lineRule="auto" w:after="0"/>` + beyond + `<w:jc w:val="center"/></w:pPr><w:rPr>` + song + `<w:color w:val="E60012"/><w:sz w:val="52"/><w:szCs w:val="52"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="FirstFoot"><w:name w:val="首页页脚"/><w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:top w:val="thinThickSmallGap" ` + redLine + `</w:pBdr><w:spacing w:line="240" w:lineRule="auto"/>` + beyond + `</w:pPr><w:rPr><w:sz w:val="10"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="PageNumber"><w:name w:val="页码"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体"/><w:sz w:val="28"/><w:szCs w:val="28"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterNumber"><w:name w:val="发文字号"/><w:basedOn w:val="Normal"/><w:pPr><w:spacing w:before="160" w:after="579"/><w:jc w:val="right"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterTitle"><w:name w:val="公文标题"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:keepNext/><w:snapToGrid w:val="0"/><w:spacing w:line="640" w:lineRule="exact" w:after="400"/><w:jc w:val="center"/><w:outlineLvl w:val="0"/></w:pPr><w:rPr>` + song + `<w:sz w:val="44"/><w:szCs w:val="44"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="DocumentHead"><w:name w:val="文件标志"/><w:basedOn w:val="Normal"/><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="400" w:after="500" w:line="240" w:lineRule="auto"/><w:jc w:val="center"/></w:pPr><w:rPr>` + song + `<w:color w:val="E60012"/><w:sz w:val="64"/><w:szCs w:val="64"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="DocumentNumber"><w:name w:val="文件字号"/><w:basedOn w:val="Normal"/><w:pPr><w:pBdr><w:bottom w:val="single" w:sz="18" w:space="6" w:color="E60012"/></w:pBdr><w:tabs><w:tab w:val="right" w:pos="8845"/></w:tabs><w:spacing w:after="579"/><w:jc w:val="center"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="RecordTitle"><w:name w:val="记录标题"/><w:basedOn w:val="LetterTitle"/><w:pPr><w:spacing w:before="0" w:after="300"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterTo"><w:name w:val="主送机关"/><w:basedOn w:val="Normal"/></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterBody"><w:name w:val="公文正文"/><w:basedOn w:val="Normal"/><w:qFormat/><w:pPr><w:ind w:firstLineChars="200" w:firstLine="640"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterSign"><w:name w:val="发文机关署名"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="1158"/><w:ind w:rightChars="300" w:right="960"/><w:jc w:val="right"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="LetterDay"><w:name w:val="成文日期"/><w:basedOn w:val="Normal"/><w:pPr><w:ind w:rightChars="400" w:right="1280"/><w:jc w:val="right"/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="TableTitle"><w:name w:val="附表标题"/><w:basedOn w:val="Normal"/><w:pPr><w:keepNext/><w:spacing w:before="240" w:after="120"/><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="FirstTableTitle"><w:name w:val="附表标题（另页）"/><w:basedOn w:val="TableTitle"/><w:pPr><w:pageBreakBefore/></w:pPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="TableHead"><w:name w:val="表头"/><w:basedOn w:val="Normal"/><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="300" w:lineRule="exact"/><w:jc w:val="center"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/><w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="TableCell"><w:name w:val="表格文字"/><w:basedOn w:val="Normal"/><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="40" w:after="40" w:line="300" w:lineRule="exact"/><w:jc w:val="left"/></w:pPr><w:rPr><w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>` +
		`<w:style w:type="paragraph" w:styleId="TableNote"><w:name w:val="表注"/><w:basedOn w:val="Normal"/><w:pPr><w:snapToGrid w:val="0"/><w:spacing w:before="60" w:line="320" w:lineRule="exact"/></w:pPr><w:rPr><w:sz w:val="21"/><w:szCs w:val="21"/></w:rPr></w:style>` +
		`<w:style w:type="table" w:styleId="LetterTable"><w:name w:val="公文表格"/><w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:left w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:bottom w:val="single" w:sz="8" w:space="0" w:color="000000"/><w:right w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:insideH w:val="single" w:sz="4" w:space="0" w:color="000000"/><w:insideV w:val="single" w:sz="4" w:space="0" w:color="000000"/></w:tblBorders></w:tblPr></w:style>` +
		`</w:styles>`
)
