package genesys

import (
	"github.com/go-json-experiment/json"

	"trunkline/pipeline"
	"trunkline/schema"
)

// directory is what ids mean.
type directory struct {
	users, queues, wrapupCodes map[string]*string
	targets                    map[string]*int64 // of queues: within how many ms calls are to be answered
}

// fill puts the names of its ids into a row.
func (d *directory) fill(row *schema.GenesysInteraction) {
	row.QueueName = nameOf(d.queues, row.QueueID)
	row.AgentName = nameOf(d.users, row.AgentID)
	row.WrapupName = nameOf(d.wrapupCodes, row.WrapupCode)
}

func nameOf(names map[string]*string, id *string) *string {
	if id == nil {
		return nil
	}
	return names[*id]
}

// entity is a user, a queue, a wrap-up code, a division or a flow as the source lists it.
type entity struct {
	ID         string  `json:"id"`
	Name       *string `json:"name"`
	Email      *string `json:"email"`
	Department *string `json:"department"`
	Title      *string `json:"title"`
	State      *string `json:"state"`

	Description  *string `json:"description"`
	HomeDivision *bool   `json:"homeDivision"`
	Type         *string `json:"type"`
	Deleted      bool    `json:"deleted"`

	Division struct {
		ID *string `json:"id"`
	} `json:"division"`
	MediaSettings struct {
		Call struct {
			ServiceLevel struct {
				Percentage *float64 `json:"percentage"`
				DurationMs *int64   `json:"durationMs"`
			} `json:"serviceLevel"`
		} `json:"call"`
	} `json:"mediaSettings"`
}

// dimension is how one list of the source becomes a table: the row of an entity, and of a row its id, name and mark that
// the source lists it.
type dimension[R schema.Row] struct {
	kind  string
	table *schema.Table
	of    func(*entity) R
	parts func(R) (id string, name *string)
	gone  func(R) R
}

// readDirectory reads the lists, emits their tables and gives the names.
func readDirectory(in *pipeline.Inputs, emit func(...schema.Row) error) (d directory, err error) {
	if d.users, err = userDimension.read(in, emit); err != nil {
		return d, err
	}
	d.targets = map[string]*int64{}
	noted := func(rows ...schema.Row) error {
		for _, row := range rows {
			if q, ok := row.(*schema.Queue); ok {
				d.targets[q.QueueID] = q.SlaTargetMs
			}
		}
		return emit(rows...)
	}
	if d.queues, err = queueDimension.read(in, noted); err != nil {
		return d, err
	}
	if d.wrapupCodes, err = wrapupDimension.read(in, emit); err != nil {
		return d, err
	}
	if _, err = divisionDimension.read(in, emit); err != nil {
		return d, err
	}
	_, err = flowDimension.read(in, emit)
	return d, err
}

var userDimension = dimension[*schema.User]{
	kind: users, table: schema.Users,
	of: func(e *entity) *schema.User {
		return &schema.User{
			UserID: e.ID, Name: e.Name, Email: e.Email, Department: e.Department, Title: e.Title, State: e.State,
			DivisionID: e.Division.ID, IsListed: true,
		}
	},
	parts: func(r *schema.User) (string, *string) { return r.UserID, r.Name },
	gone: func(r *schema.User) *schema.User {
		kept := *r
		kept.IsListed = false
		return &kept
	},
}

var queueDimension = dimension[*schema.Queue]{
	kind: queues, table: schema.Queues,
	of: func(e *entity) *schema.Queue {
		level := e.MediaSettings.Call.ServiceLevel
		return &schema.Queue{
			QueueID: e.ID, Name: e.Name, DivisionID: e.Division.ID, SlaShare: level.Percentage, SlaTargetMs: level.DurationMs,
			IsListed: true,
		}
	},
	parts: func(r *schema.Queue) (string, *string) { return r.QueueID, r.Name },
	gone: func(r *schema.Queue) *schema.Queue {
		kept := *r
		kept.IsListed = false
		return &kept
	},
}

var wrapupDimension = dimension[*schema.WrapupCode]{
	kind: wrapupCodes, table: schema.WrapupCodes,
	of: func(e *entity) *schema.WrapupCode {
		return &schema.WrapupCode{WrapupCodeID: e.ID, Name: e.Name, DivisionID: e.Division.ID, IsListed: true}
	},
	parts: func(r *schema.WrapupCode) (string, *string) { return r.WrapupCodeID, r.Name },
	gone: func(r *schema.WrapupCode) *schema.WrapupCode {
		kept := *r
		kept.IsListed = false
		return &kept
	},
}

var divisionDimension = dimension[*schema.Division]{
	kind: divisions, table: schema.Divisions,
	of: func(e *entity) *schema.Division {
		return &schema.Division{DivisionID: e.ID, Name: e.Name, Description: e.Description, IsHome: e.HomeDivision, IsListed: true}
	},
	parts: func(r *schema.Division) (string, *string) { return r.DivisionID, r.Name },
	gone: func(r *schema.Division) *schema.Division {
		kept := *r
		kept.IsListed = false
		return &kept
	},
}

// A flow that the source calls deleted is one that it does not list any more, though its name is still told.
var flowDimension = dimension[*schema.Flow]{
	kind: flows, table: schema.Flows,
	of: func(e *entity) *schema.Flow {
		return &schema.Flow{FlowID: e.ID, Name: e.Name, FlowType: e.Type, DivisionID: e.Division.ID, IsListed: !e.Deleted}
	},
	parts: func(r *schema.Flow) (string, *string) { return r.FlowID, r.Name },
	gone: func(r *schema.Flow) *schema.Flow {
		kept := *r
		kept.IsListed = false
		return &kept
	},
}

// read emits what the source lists, and what it listed once and does not any more. A list without anything was not read:
// then everything stays as it was.
func (d dimension[R]) read(in *pipeline.Inputs, emit func(...schema.Row) error) (map[string]*string, error) {
	names, listed := map[string]*string{}, map[string]bool{}
	for item, err := range in.Records(d.kind) {
		if err != nil {
			return nil, err
		}
		row, name := d.row(in, item)
		if typed, ok := row.(R); ok {
			id, _ := d.parts(typed)
			names[id], listed[id] = name, true
		}
		if err := emit(row); err != nil {
			return nil, err
		}
	}
	for row, err := range pipeline.Rows[R](in, d.table.Name) {
		if err != nil {
			return nil, err
		}
		id, name := d.parts(row)
		if listed[id] {
			continue
		}
		names[id] = name
		if len(listed) > 0 {
			row = d.gone(row)
		}
		if err := emit(row); err != nil {
			return nil, err
		}
	}
	return names, nil
}

// row gives the row of an entity and its name, or a reject.
func (d dimension[R]) row(in *pipeline.Inputs, item pipeline.Item) (schema.Row, *string) {
	var e entity
	if err := json.Unmarshal(item.Body, &e, lenient); err != nil {
		return reject(in, d.kind, item, undecodable(item.Body, err)), nil
	}
	if e.ID == "" {
		return reject(in, d.kind, item, flaw{"missing_id", "id is missing; right would be the entity's id"}), nil
	}
	return d.of(&e), e.Name
}
