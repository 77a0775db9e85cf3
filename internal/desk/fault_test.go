package desk_test

import (
	"errors"

	"shuniu/internal/fault"
)

func asFault(err error, target **fault.Error) bool { return errors.As(err, target) }
