//! JSON Schema (2020-12), as much of it as the output's own schema uses: a word beyond that is an error, so that
//! nothing passes unread.

use serde_json::{Map, Value};

/// What in a value is not as the schema has it, and where.
pub fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, schema, value, "", &mut errors);
    errors
}

/// Checks one value by one schema within the `root`, which holds what others refer to.
fn check(root: &Value, schema: &Value, value: &Value, path: &str, errors: &mut Vec<String>) {
    let Some(words) = schema.as_object() else {
        errors.push(format!("{path}: {schema} is no schema"));
        return;
    };
    for (word, wanted) in words {
        let holds = match word.as_str() {
            "$schema" | "$defs" | "title" | "description" | "format" => true,
            "$ref" => {
                check(root, referred(root, wanted), value, path, errors);
                true
            }
            "type" => is_of_type(wanted, value),
            "const" => wanted == value,
            "enum" => members(wanted).contains(value),
            "minimum" => is_number_where(value, |n| n >= number(wanted)),
            "maximum" => is_number_where(value, |n| n <= number(wanted)),
            "minItems" => is_list_where(value, |n| n >= number(wanted)),
            "maxItems" => is_list_where(value, |n| n <= number(wanted)),
            "required" => is_complete(wanted, value),
            "properties" => {
                check_properties(root, wanted, value, path, errors);
                true
            }
            "items" => {
                for (i, item) in members(value).iter().enumerate() {
                    check(root, wanted, item, &format!("{path}/{i}"), errors);
                }
                true
            }
            "anyOf" => n_that_hold(root, wanted, value) > 0,
            "oneOf" => n_that_hold(root, wanted, value) == 1,
            _ => false,
        };
        if !holds {
            errors.push(format!("{path}: {value} is not as {word} has it: {wanted}"));
        }
    }
}

fn check_properties(
    root: &Value,
    properties: &Value,
    value: &Value,
    path: &str,
    errors: &mut Vec<String>,
) {
    let empty = Map::new();
    for (name, schema) in properties.as_object().unwrap_or(&empty) {
        if let Some(value) = value.get(name) {
            check(root, schema, value, &format!("{path}/{name}"), errors);
        }
    }
}

/// How many of some schemas a value is valid by.
fn n_that_hold(root: &Value, schemas: &Value, value: &Value) -> usize {
    let holds = |schema: &&Value| {
        let mut errors = Vec::new();
        check(root, schema, value, "", &mut errors);
        errors.is_empty()
    };
    members(schemas).iter().filter(holds).count()
}

fn referred<'a>(root: &'a Value, reference: &Value) -> &'a Value {
    let pointer = reference.as_str().and_then(|r| r.strip_prefix('#'));
    pointer
        .and_then(|pointer| root.pointer(pointer))
        .unwrap_or(&Value::Null)
}

fn is_of_type(types: &Value, value: &Value) -> bool {
    let is = |name: &Value| match name.as_str() {
        Some("null") => value.is_null(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("string") => value.is_string(),
        Some("array") => value.is_array(),
        Some("object") => value.is_object(),
        _ => false,
    };
    is(types) || members(types).iter().any(is)
}

fn is_complete(names: &Value, value: &Value) -> bool {
    let has = |name: &Value| name.as_str().is_some_and(|name| value.get(name).is_some());
    !value.is_object() || members(names).iter().all(has)
}

/// Holds of all that is no number.
fn is_number_where(value: &Value, holds: impl Fn(f64) -> bool) -> bool {
    value.as_f64().is_none_or(holds)
}

/// Holds of all that is no list.
fn is_list_where(value: &Value, holds: impl Fn(f64) -> bool) -> bool {
    value
        .as_array()
        .is_none_or(|items| holds(items.len() as f64))
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or(f64::NAN)
}

fn members(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn what_is_wrong_is_seen() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"], "$defs": { "few": { "type": "array", "maxItems": 1 } },
        "properties": {
            "a": { "oneOf": [{ "const": "x" }, { "type": ["integer", "null"], "minimum": 0 }] },
            "b": { "$ref": "#/$defs/few", "items": { "enum": ["y"] } },
        },
    });
    for good in [
        r#"{"a":"x"}"#,
        r#"{"a":3,"b":["y"],"c":1}"#,
        r#"{"a":null,"b":[]}"#,
    ] {
        let value = serde_json::from_str(good).expect("JSON");
        assert_eq!(errors(&schema, &value), [""; 0], "{good}");
    }
    for bad in [
        "[]",
        "{}",
        r#"{"a":"y"}"#,
        r#"{"a":-1}"#,
        r#"{"a":0.5}"#,
        r#"{"a":0,"b":["z"]}"#,
        r#"{"a":0,"b":["y","y"]}"#,
        r#"{"a":0,"b":{}}"#,
    ] {
        let value = serde_json::from_str(bad).expect("JSON");
        assert!(!errors(&schema, &value).is_empty(), "{bad}");
    }
    let strange = serde_json::json!({ "pattern": "x" });
    assert!(!errors(&strange, &serde_json::json!("x")).is_empty());
}
