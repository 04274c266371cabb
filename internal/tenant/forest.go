package tenant

// maxDepth is how many departments may lie above each other, the root included.
const maxDepth = 32

// forest tells for each department the one directly above it, "" for a root.
type forest map[string]string

// within tells whether the department is the other one or lies below it.
func (f forest) within(department, other string) bool {
	for ; department != ""; department = f[department] {
		if department == other {
			return true
		}
	}
	return false
}

// depth counts the department and those above it; 0 for none.
func (f forest) depth(department string) int {
	n := 0
	for ; department != ""; department = f[department] {
		n++
	}
	return n
}

// height counts the levels of the tree that begins with the department; 1 when none lies below.
func (f forest) height(department string) int {
	top, deepest := f.depth(department), 0
	for other := range f {
		if f.within(other, department) {
			deepest = max(deepest, f.depth(other))
		}
	}
	return deepest - top + 1
}
