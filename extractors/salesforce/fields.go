package salesforce

import (
	"slices"
	"strings"

	"trunkline/internal/salesforce"
	"trunkline/pipeline"
)

// present gives the fields of a source that can be asked for. Only IsDeleted may be missing: objects without a recycle bin have none.
// Any other is an error, for a mirror without it would be wrong in silence.
func present(s source, o *salesforce.Object) ([]string, error) {
	var fields, missing []string
	for _, f := range s.fields {
		switch {
		case has(o, f):
			fields = append(fields, f)
		case f != "IsDeleted":
			missing = append(missing, s.object+"."+f)
		}
	}
	if len(missing) > 0 {
		return nil, &pipeline.Error{
			Code: "TL5101", Kind: pipeline.Misuse,
			What: "salesforce: " + strings.Join(missing, ", ") + ": the field does not exist or field-level security hides it",
			Cure: "Let the integration user read it, or name the organisation's own field under salesforce.fields in the configuration " +
				"(none, if there is no such thing)",
		}
	}
	return fields, nil
}

// has tells whether an object has a field, or a parent to whom the field belongs.
func has(o *salesforce.Object, path string) bool {
	relation, _, dotted := strings.Cut(path, ".")
	return slices.ContainsFunc(o.Fields, func(f salesforce.Field) bool {
		if dotted {
			return f.Relationship == relation
		}
		return f.Name == path
	})
}
