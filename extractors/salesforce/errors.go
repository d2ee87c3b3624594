package salesforce

import (
	"errors"

	"trunkline/internal/salesforce"
	"trunkline/pipeline"
)

func misuse(what string) error {
	return &pipeline.Error{Code: "TL5001", Kind: pipeline.Misuse, What: "salesforce: " + what, Cure: "Correct the salesforce part of the configuration"}
}

// remedy is what an error of a class is to a person.
type remedy struct {
	code string
	kind pipeline.Kind
	cure string
}

func remedyFor(e *salesforce.Error) remedy {
	switch e.Class {
	case salesforce.Denied:
		if e.Login {
			return remedy{"TL5002", pipeline.Denied, "Check login_url, client_id and client_secret; the app must allow client credentials and name a user to run as"}
		}
		return remedy{"TL5003", pipeline.Denied, "Give the integration user API access and the right to view all records of the objects"}
	case salesforce.Refused:
		return remedy{"TL5102", pipeline.Misuse, "Check api_version and the configured fields; field-level security makes a field unknown"}
	case salesforce.Spent:
		return remedy{"TL5201", pipeline.Upstream, "Run again when calls are free; the run goes on where it stopped"}
	case salesforce.TooSlow:
		return remedy{"TL5204", pipeline.Upstream, "Run again at a quieter hour; the run goes on where it stopped"}
	case salesforce.JobFailed:
		return remedy{"TL5203", pipeline.Upstream, "Run again; if it happens again, set bulk_above higher than the number of records"}
	case salesforce.Damaged:
		return remedy{"TL5205", pipeline.Upstream, "Run again later; the run goes on where it stopped"}
	default:
		return remedy{"TL5202", pipeline.Upstream, "Run again later; the run goes on where it stopped"}
	}
}

// explain turns an error of a call into one a person can act on. What the caller did, and what is explained already, stays.
func explain(doing string, err error) error {
	var e *salesforce.Error
	var known *pipeline.Error
	if errors.As(err, &known) || !errors.As(err, &e) {
		return err
	}
	r := remedyFor(e)
	return &pipeline.Error{Code: r.code, Kind: r.kind, What: "salesforce: " + doing, Err: err, Cure: r.cure}
}
