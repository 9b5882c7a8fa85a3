package main

import (
	"context"
	"encoding/json"
	"log/slog"

	corev3 "github.com/envoyproxy/go-control-plane/envoy/config/core/v3"
	authv3 "github.com/envoyproxy/go-control-plane/envoy/service/auth/v3"
	typev3 "github.com/envoyproxy/go-control-plane/envoy/type/v3"
	"google.golang.org/genproto/googleapis/rpc/status"
	"google.golang.org/grpc/codes"
	grpcstatus "google.golang.org/grpc/status"
)

// authorization answers Envoy's ext_authz checks from the firewall.
type authorization struct {
	authv3.UnimplementedAuthorizationServer
	firewall *firewall
	log      *slog.Logger
}

func (a *authorization) Check(_ context.Context, check *authv3.CheckRequest) (*authv3.CheckResponse, error) {
	r := inspected(check)
	refused, err := a.firewall.check(r)
	if err != nil {
		a.log.Error("a request could not be inspected", "request_id", r.id, "error", err.Error())
		return nil, grpcstatus.Error(codes.Internal, "the request could not be inspected")
	}
	if refused == nil {
		return &authv3.CheckResponse{Status: &status.Status{Code: int32(codes.OK)}}, nil
	}
	logRefusal(a.log, r, refused)
	return denied(r, refused), nil
}

func inspected(check *authv3.CheckRequest) request {
	http := check.GetAttributes().GetRequest().GetHttp()
	body := http.GetRawBody()
	if len(body) == 0 {
		body = []byte(http.GetBody())
	}
	protocol := http.GetProtocol()
	if protocol == "" {
		protocol = "HTTP/1.1"
	}
	return request{
		id:       http.GetHeaders()["x-request-id"],
		client:   check.GetAttributes().GetSource().GetAddress().GetSocketAddress().GetAddress(),
		method:   http.GetMethod(),
		target:   http.GetPath(),
		host:     http.GetHost(),
		protocol: protocol,
		headers:  http.GetHeaders(),
		body:     body,
		route:    routeOf(check.GetAttributes().GetContextExtensions()),
	}
}

// routeOf reads what a service's policy gives to the checks of its routes. No client can set it.
func routeOf(said map[string]string) route {
	return route{namespace: said["namespace"], service: said["service"], model: said["model"]}
}

// What the client is told, in the form of the OpenAI API's errors: that it was the firewall, and the id by which the operator
// finds the reason in its log. Not the rule: that would help whoever looks for a way around it.
func denied(r request, refused *refusal) *authv3.CheckResponse {
	code, message := "blocked_by_firewall", "The web application firewall rejected the request: something outside the text for the model looks like an attack. The operator finds the reason by the request id."
	more := []*corev3.HeaderValueOption{}
	switch refused.status {
	case 400:
		code, message = "invalid_body", "The request could not be read."
	case 405:
		// as OpenAI calls it
		code, message = "method_not_supported", "No endpoint here takes a request of this method: models are asked by POST and listed by GET."
		more = append(more, header("allow", "GET, HEAD, POST, OPTIONS"))
	case 413:
		code, message = "request_too_large", "The request is larger than the web application firewall inspects."
	case 415:
		code, message = "unsupported_media_type", "This endpoint takes JSON that is not compressed: send the header content-type: application/json and none named content-encoding."
	}
	if refused.reason != "" {
		message = refused.reason
	}
	body, err := json.Marshal(map[string]any{"error": map[string]any{
		"message": message, "type": "invalid_request_error", "param": nil, "code": code, "request_id": r.id,
	}})
	if err != nil {
		panic(err) // a map of strings always encodes
	}
	return &authv3.CheckResponse{
		Status: &status.Status{Code: int32(codes.PermissionDenied)},
		HttpResponse: &authv3.CheckResponse_DeniedResponse{DeniedResponse: &authv3.DeniedHttpResponse{
			Status:  &typev3.HttpStatus{Code: typev3.StatusCode(refused.status)},
			Headers: append(more, header("content-type", "application/json"), header("x-request-id", r.id)),
			Body:    string(body),
		}},
	}
}

func header(name, value string) *corev3.HeaderValueOption {
	return &corev3.HeaderValueOption{
		Header:       &corev3.HeaderValue{Key: name, Value: value},
		AppendAction: corev3.HeaderValueOption_OVERWRITE_IF_EXISTS_OR_ADD,
	}
}
