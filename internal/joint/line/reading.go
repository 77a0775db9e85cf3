package line

// reading is how a verb is read, where its slots alone do not say it, and what is looked at when it has been read. The
// table of verbs holds no functions: those that read it would name themselves.
func reading(id string) (read, check func(*reader, *Plan) *Reading) {
	switch id {
	case "at":
		return readAt, nil
	case "axis":
		return readAxis, nil
	case "hand_on":
		return readHandOn, nil
	case Backup:
		return nil, (*reader).checkBackup
	case Chase:
		return readChase, nil
	case Feedback:
		return readFeedback, nil
	case Help:
		return readHelp, nil
	case Link:
		return readPair, nil
	case Merge:
		return readPair, nil
	case Order:
		return readOrder, nil
	case Signed:
		return readSigned, nil
	case Answered:
		return readAnswered, nil
	case Cleared:
		return readCleared, nil
	case Schedule:
		return readAppointment, nil
	case New:
		return readNew, nil
	case Priority:
		return readGrade, nil
	case Reassign:
		return readSend, nil
	case Recall:
		return nil, (*reader).checkRecall
	case Send:
		return readSend, nil
	case Split:
		return nil, (*reader).checkSplit
	case Standby:
		return nil, (*reader).checkPost
	case Undo:
		return readUndo, nil
	case Unlink:
		return readPair, nil
	case Untag:
		return nil, (*reader).checkUntag
	case Wave:
		return readWave, nil
	}
	return nil, nil
}
