package sheethttp

import (
	"errors"
	"fmt"
	"net/http"
	"strings"

	"yike/internal/httpapi"
	"yike/placenames/plates/faces"
	"yike/placenames/plates/life"
	"yike/placenames/plates/sheets"
	"yike/placenames/plates/symbol"
)

// ErrNoTools says that proofs are switched off: a program for them is missing.
var ErrNoTools = errors.New("programs for proofs are missing")

// ErrNoFont says that there is no font to draw with.
var ErrNoFont = errors.New("no font for plates")

// ErrNoHost says that no host is set for the addresses in symbols.
var ErrNoHost = errors.New("no host is set for plates")

func errNoPlate() error {
	return httpapi.NewProblem(http.StatusNotFound, "unknown_plate", "没有这块门牌", "There is no such plate")
}

// problem says in the API what the cores say.
func problem(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, life.ErrNotFound):
		return errNoPlate()
	case errors.Is(err, life.ErrNoOrder):
		return httpapi.NewProblem(http.StatusNotFound, "unknown_plate_order", "没有这张制作单", "There is no such order of plates")
	case errors.Is(err, sheets.ErrNoPlates):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "no_plates", "制作单中没有需要制作的门牌", "The order has no plates to be made")
	case errors.Is(err, ErrNoTools):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_proof", "不能校样：服务器缺少 pdftoppm 或 zbarimg，请安装 poppler-utils 和 zbar-tools", "No proofs: the server lacks pdftoppm or zbarimg; install poppler-utils and zbar-tools")
	case errors.Is(err, ErrNoFont):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_font", "服务器没有中文字体，请安装 fonts-noto-cjk", "The server has no font with Chinese characters; install fonts-noto-cjk")
	case errors.Is(err, ErrNoHost):
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "no_plate_host", "尚未设置二维码域名（YIKE_PLATE_HOST），只能出样张", "No host is set for symbols (YIKE_PLATE_HOST): plates can be drawn as samples only")
	}
	if zh, en, ok := Reason(err); ok {
		return httpapi.NewProblem(http.StatusUnprocessableEntity, "plate_not_made", zh, en)
	}
	return err
}

// Reason says in words why a plate cannot be made; false where the error is about something
// else.
func Reason(err error) (zh, en string, ok bool) {
	var missing *faces.MissingError
	var long *faces.TooLongError
	switch {
	case errors.As(err, &missing):
		var chars []string
		for _, r := range missing.Characters {
			chars = append(chars, fmt.Sprintf("“%c”（U+%04X）", r, r))
		}
		all := strings.Join(chars, "、")
		return "字体中没有字符 " + all + "，请安装含有该字的字体", "No font has the character " + all + "; install one that has it", true
	case errors.As(err, &long):
		return fmt.Sprintf("“%s”过长：需压缩到 %.0f%%，最多可压缩到 %.0f%%", long.Text, 100*long.Needs, 100*long.Least),
			fmt.Sprintf("%q is too long: it would have to be condensed to %.0f %%, and may be to %.0f %%", long.Text, 100*long.Needs, 100*long.Least), true
	case errors.Is(err, symbol.ErrTooLong):
		return "二维码内容过长，请使用较短的域名", "The symbol would hold too much; use a shorter host", true
	case errors.Is(err, symbol.ErrModule):
		return fmt.Sprintf("二维码模块小于 %g 毫米", symbol.LeastModule), fmt.Sprintf("The modules of the symbol would be smaller than %g mm", symbol.LeastModule), true
	case errors.Is(err, sheets.ErrSheet):
		return "版面放不下一块门牌", "The sheet is too small for the plate", true
	case errors.Is(err, faces.ErrEmpty):
		return "牌面没有号码", "The plate has no number", true
	default:
		return "", "", false
	}
}
