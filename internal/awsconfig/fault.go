package awsconfig

import (
	"errors"
	"slices"
	"strings"

	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// Fault is why AWS refused, as far as a person can do something about it.
type Fault int

// The faults. Unknown ones, and those that pass, have no cure.
const (
	Unknown Fault = iota
	NoCredentials
	BadCredentials
	Expired
	Skewed
	Forbidden
	NoBucket
	WrongRegion
)

// codes are the error codes of AWS by what they mean.
var codes = [...][]string{
	NoCredentials:  {},
	BadCredentials: {"InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidClientTokenId", "UnrecognizedClientException", "InvalidToken", "InvalidSecurity"},
	Expired:        {"ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired"},
	Skewed:         {"RequestTimeTooSkewed", "RequestExpired"},
	Forbidden:      {"AccessDenied", "AccessDeniedException", "AllAccessDisabled", "UnauthorizedOperation", "Forbidden"},
	NoBucket:       {"NoSuchBucket"},
	WrongRegion:    {"PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException", "IncorrectEndpoint", "MovedPermanently"},
}

// cures are what a person can do.
var cures = [...]string{
	NoCredentials:  "Give this machine an AWS identity: a role, AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
	BadCredentials: "The access key or its secret is wrong, or was deactivated: check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_PROFILE",
	Expired:        "The credentials have expired: log in again, or give this machine a role that renews itself",
	Skewed:         "This machine's clock is wrong by minutes: set it by NTP",
	Forbidden:      "This machine's AWS identity lacks a permission: trunkline doctor --grants prints all that are needed",
	NoBucket:       "The bucket does not exist: check its name and the endpoint, or create it",
	WrongRegion:    "The bucket is in another region: set region to that of the bucket",
}

// FaultOf tells why AWS refused.
func FaultOf(err error) Fault {
	if err == nil {
		return Unknown
	}
	if known, ok := errors.AsType[smithy.APIError](err); ok {
		for fault, of := range codes {
			if slices.Contains(of, known.ErrorCode()) {
				return Fault(fault)
			}
		}
	}
	if response, ok := errors.AsType[*smithyhttp.ResponseError](err); ok {
		switch response.HTTPStatusCode() { // an answer to HEAD has no code
		case 301:
			return WrongRegion
		case 401, 403:
			return Forbidden
		}
		return Unknown
	}
	if strings.Contains(err.Error(), "get credentials") { // the SDK has no type for it
		return NoCredentials
	}
	return Unknown
}

// Cure is what a person can do, as a sentence; empty if nothing but trying again is known.
func (f Fault) Cure() string { return cures[f] }
