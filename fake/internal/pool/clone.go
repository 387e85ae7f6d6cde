package pool

import "reflect"

// Clone returns a deep copy of v, a type of the SDK: pointers, slices, maps and exported fields of
// structs are copied; what an interface holds (a document, a context) is shared, and so are
// unexported fields. What is nil or empty stays so.
func Clone[T any](v T) T {
	var c T
	deepCopy(reflect.ValueOf(&c).Elem(), reflect.ValueOf(&v).Elem())
	return c
}

func deepCopy(dst, src reflect.Value) {
	dst.Set(src) // all there is to do for plain values and for nil
	switch src.Kind() {
	case reflect.Pointer:
		if !src.IsNil() {
			dst.Set(reflect.New(src.Type().Elem()))
			deepCopy(dst.Elem(), src.Elem())
		}
	case reflect.Slice:
		copySlice(dst, src)
	case reflect.Map:
		copyMap(dst, src)
	case reflect.Struct:
		for i := range src.NumField() {
			if dst.Field(i).CanSet() {
				deepCopy(dst.Field(i), src.Field(i))
			}
		}
	}
}

func copySlice(dst, src reflect.Value) {
	if src.IsNil() {
		return
	}
	dst.Set(reflect.MakeSlice(src.Type(), src.Len(), src.Len()))
	for i := range src.Len() {
		deepCopy(dst.Index(i), src.Index(i))
	}
}

func copyMap(dst, src reflect.Value) {
	if src.IsNil() {
		return
	}
	dst.Set(reflect.MakeMapWithSize(src.Type(), src.Len()))
	for key, value := range src.Seq2() {
		c := reflect.New(value.Type()).Elem()
		deepCopy(c, value)
		dst.SetMapIndex(key, c)
	}
}

// assign sets the fields of *dst to the fields of *src that have the same name and type, nil ones
// included. Nothing is shared afterwards.
func assign(dst, src any) {
	to, from := reflect.ValueOf(dst).Elem(), reflect.ValueOf(src).Elem()
	for i := range from.NumField() {
		field := from.Type().Field(i)
		if target := to.FieldByName(field.Name); target.CanSet() && target.Type() == field.Type {
			deepCopy(target, from.Field(i))
		}
	}
}
