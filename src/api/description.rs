//! What the description of the API says of every operation alike, and the handlers' attributes do not repeat.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

const PROBLEM: &str = "application/problem+json";

/// Completes the description that is made from the handlers: who is asking, an id of its own for every operation, words
/// for every status, and the shape of errors.
pub fn complete(mut description: Value) -> Value {
    description["security"] = json!([{ "bearer": [] }]);
    let components = &mut description["components"];
    components["securitySchemes"]["bearer"] = json!({ "type": "http", "scheme": "bearer" });
    components["schemas"]["Problem"] = problem();
    if let Some(paths) = description["paths"].as_object_mut() {
        for (path, operations) in paths {
            for (method, operation) in operations.as_object_mut().into_iter().flatten() {
                operation["operationId"] = id_of(method, path).into();
                if let Some(responses) = operation["responses"].as_object_mut() {
                    complete_responses(responses);
                }
            }
        }
    }
    description
}

/// `get_units_code` for GET /api/v1/units/{code}.
fn id_of(method: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api/v1/").split(['/', '-']).map(|word| word.trim_matches(['{', '}']));
    std::iter::once(method).chain(words).collect::<Vec<_>>().join("_")
}

fn complete_responses(responses: &mut Map<String, Value>) {
    let words = "Anything else that was not done: errors by field, or none where it is no field's fault.";
    responses.insert("default".into(), json!({ "description": words }));
    for (status, response) in responses {
        let code = status.parse().ok().and_then(|code| StatusCode::from_u16(code).ok());
        if response["description"].is_null() {
            response["description"] = code.and_then(|code| code.canonical_reason()).unwrap_or_default().into();
        }
        if code.is_none_or(|code| code.is_client_error()) {
            response["content"][PROBLEM]["schema"] = json!({ "$ref": "#/components/schemas/Problem" });
        }
    }
}

/// RFC 9457, with what is wrong by field.
fn problem() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["type", "title", "status", "code", "detail", "errors"],
        "properties": {
            "type": text(),
            "title": text(),
            "status": { "type": "integer" },
            "code": text(),
            "detail": text(),
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["field", "message"],
                    "properties": { "field": text(), "message": text() },
                },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use crate::server::testing::{World, sqlite};
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// Every `$ref` below a value.
    fn references(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(target)) = members.get("$ref") {
                    found.insert(target.clone());
                }
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            _ => {}
        }
    }

    #[tokio::test]
    async fn every_operation_has_an_id_of_its_own_and_tells_what_it_takes_and_answers() {
        let world = World::new(sqlite().await).await;
        let whole = world.get("", "/api/openapi.json").await.json();
        let mut ids = BTreeSet::new();
        for (path, operations) in whole["paths"].as_object().expect("paths") {
            for (method, operation) in operations.as_object().expect("operations") {
                let told = format!("{method} {path}");
                assert!(ids.insert(operation["operationId"].as_str().expect("an id").to_owned()), "{told}");
                assert!(method == "get" || operation["requestBody"].is_object(), "{told} takes a body");
                let responses = operation["responses"].as_object().expect("responses");
                assert!(responses.keys().any(|status| status.starts_with('2')), "{told}");
                for (status, response) in responses {
                    assert!(response["description"].is_string(), "{told} {status}");
                    assert!(response["content"].is_object(), "{told} {status} has a shape");
                }
            }
        }
        assert!(ids.contains("get_units_code") && ids.contains("post_activities_id_withdraw"), "{ids:?}");
        let mut found = BTreeSet::new();
        references(&whole, &mut found);
        for target in found {
            let pointer = target.trim_start_matches('#');
            assert!(whole.pointer(pointer).is_some(), "{target} is described");
        }
    }
}
