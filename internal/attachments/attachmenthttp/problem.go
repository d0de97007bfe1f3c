package attachmenthttp

import (
	"errors"
	"net/http"

	"yike/internal/attachments"
	"yike/internal/httpapi"
)

// problem tells a client what is wrong.
func problem(err error) error {
	switch {
	case errors.Is(err, ErrNotReady):
		return httpapi.Unavailable("数据还没有载入完毕，请稍后再试", "The data are not loaded yet; try again shortly")
	case errors.Is(err, ErrNoOwner):
		return httpapi.NotFound("unknown_record", "没有这条记录", "There is no such record")
	case errors.Is(err, ErrNotFound):
		return httpapi.NotFound("unknown_attachment", "没有这个附件，或者已经移除", "There is no such attachment, or it was taken away")
	case errors.Is(err, ErrLost):
		return httpapi.NotFound("file_lost", "附件的文件缺失或已损坏，请管理员从备份恢复", "The attachment's file is missing or damaged; let the administrator restore it from a backup")
	case errors.Is(err, ErrReplaced):
		return httpapi.NewProblem(http.StatusConflict, "replaced_record", "这条记录已被合并、拆分或迁移，请把附件加到取代它的记录上", "The record was merged, split or moved; add the file to the one that took its place")
	case errors.Is(err, ErrFixed):
		return httpapi.NewProblem(http.StatusConflict, "attachment_of_record_in_force", "这条记录已生效或已据此办理，文件须一并留存，不能移除", "The record is in force, or a step was taken on this file, so it stays")
	case errors.Is(err, ErrFull):
		return httpapi.NewProblem(http.StatusConflict, "too_many_attachments", "这条记录的附件已满，请先移除不需要的", "The record has as many files as it may; take some away first")
	}
	if p := fileProblem(err); p != nil {
		return p
	}
	if p, ok := httpapi.InvalidRecord(err); ok {
		return p
	}
	return err
}

// fileProblem tells why a file is not taken; nil for other errors.
func fileProblem(err error) error {
	var code, zh, en, hintZH, hintEN string
	switch {
	case errors.Is(err, attachments.ErrEmpty):
		code, zh, en = "empty_file", "文件是空的", "The file is empty"
	case errors.Is(err, attachments.ErrMacros):
		code, zh, en = "file_with_macros", "文件里有宏，不能上传", "The file holds macros and cannot be taken"
		hintZH, hintEN = "请另存为不带宏的 .docx 或 .xlsx", "save it as .docx or .xlsx without macros"
	case errors.Is(err, attachments.ErrBroken):
		code, zh, en = "broken_file", "文件不完整或已损坏，读不出来", "The file is broken or not whole"
	case errors.Is(err, attachments.ErrTooManyPixels):
		code, zh, en = "picture_too_large", "图片像素过多", "The picture has too many pixels"
		hintZH, hintEN = "照片最多约 5200 万像素，PNG、WebP 最多 2000 万像素", "at most 52 million pixels for a photo, 20 million for PNG and WebP"
	case errors.Is(err, attachments.ErrNoPhoto):
		code, zh, en = "not_a_photo", "这不是照片，请作为文件上传", "It is no photo; add it as a document"
	case errors.Is(err, attachments.ErrMedia):
		code, zh, en = "file_type", "不接受这种文件", "Files of this type are not taken"
		hintZH, hintEN = "可以上传 JPEG、PNG、WebP 图片和 PDF、DOCX、XLSX 文件", "JPEG, PNG and WebP pictures, PDF, DOCX and XLSX are taken"
	default:
		return nil
	}
	return httpapi.NewProblem(http.StatusUnprocessableEntity, code, zh, en).With(httpapi.Fault{
		Pointer: "#/file", Reason: httpapi.Text{ZH: zh, EN: en}, Hint: httpapi.Text{ZH: hintZH, EN: hintEN},
	})
}
