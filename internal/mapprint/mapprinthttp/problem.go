package mapprinthttp

import (
	"errors"
	"net/http"

	"yike/internal/httpapi"
	"yike/internal/pdf"
)

// errForm reports a part of the form that is no MapPrint object.
var errForm = errors.New("print is not read")

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.Unavailable("数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, pdf.ErrNoFont):
		return httpapi.NewProblem(http.StatusServiceUnavailable, "no_fonts",
			"服务器上没有中文字体，不能打印。请管理员安装字体（Debian：apt-get install fonts-noto-cjk）或设置 YIKE_FONT",
			"The server has no Chinese font and cannot print. Let the administrator install one (Debian: apt-get install fonts-noto-cjk) or set YIKE_FONT")
	case errors.Is(err, errForm):
		return httpapi.BadRequest("bad_print", "表单的 print 部分不是要求的 JSON", "The part print of the form is not the JSON that is asked for").
			With(httpapi.Fault{Pointer: "#/print", Reason: httpapi.Text{ZH: err.Error(), EN: err.Error()}})
	case errors.Is(err, pdf.ErrPictureTooLarge):
		return picture("picture_too_large", "图片像素过多，最多 2000 万像素", "The picture has too many pixels; at most 20 million")
	case errors.Is(err, pdf.ErrPicture):
		return picture("bad_picture", "不是可以读取的 PNG 或 JPEG 图片", "It is no PNG or JPEG picture that can be read")
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}

func picture(code, zh, en string) error {
	return httpapi.NewProblem(http.StatusUnprocessableEntity, code, zh, en).
		With(httpapi.Fault{Pointer: "#/image", Reason: httpapi.Text{ZH: zh, EN: en}})
}
