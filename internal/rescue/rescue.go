// Package rescue makes an error of a panic, so that a mistake in one rule, tool or
// report costs what that had to say and nothing else.
package rescue

import (
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
)

// A Panic is what code panicked with, and where.
type Panic struct {
	Value any
	Stack []byte // of the goroutine that panicked
}

// Error is one line without the stack: "panicked: index out of range [3] with length 2".
func (p *Panic) Error() string {
	return "panicked: " + strings.TrimPrefix(strings.Join(strings.Fields(fmt.Sprint(p.Value)), " "), "runtime error: ")
}

// Call returns what f returns; a *Panic when it panics. A *Panic that f panics with
// is returned as it is, with the stack of the goroutine that it comes from.
func Call(f func() error) (err error) {
	defer func() {
		if value := recover(); value != nil {
			err = asPanic(value)
		}
	}()
	return f()
}

// Value is [Call] for functions that return something beside the error.
func Value[T any](f func() (T, error)) (made T, err error) {
	err = Call(func() (err error) {
		made, err = f()
		return err
	})
	return made, err
}

// Do is [Call] for functions that cannot fail.
func Do(f func()) *Panic {
	err := Call(func() error {
		f()
		return nil
	})
	return In(err)
}

// In returns the panic that an error tells of; nil for other errors, and for none.
func In(err error) *Panic {
	var p *Panic
	if errors.As(err, &p) {
		return p
	}
	return nil
}

func asPanic(value any) *Panic {
	if p, is := value.(*Panic); is {
		return p
	}
	return &Panic{Value: value, Stack: debug.Stack()}
}
