//! JSON values as the values of `$1`, `$2`, ….

use athena_schemas::Error;
use datafusion::scalar::ScalarValue;
use serde_json::Value;

/// # Errors
/// Objects, and lists of anything but texts or numbers of one kind.
pub fn values(params: &[Value]) -> Result<Vec<ScalarValue>, Error> {
    params.iter().enumerate().map(|(at, value)| scalar(value).ok_or_else(|| wrong(at))).collect()
}

fn wrong(at: usize) -> Error {
    let message = format!("${} is neither text, number, boolean, null nor a list of one of these", at + 1);
    Error::invalid("params", message)
}

fn scalar(value: &Value) -> Option<ScalarValue> {
    Some(match value {
        Value::Null => ScalarValue::Null,
        Value::Bool(value) => ScalarValue::Boolean(Some(*value)),
        Value::String(text) => ScalarValue::Utf8(Some(text.clone())),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(value), _) => ScalarValue::Int64(Some(value)),
            (None, Some(value)) => ScalarValue::UInt64(Some(value)),
            (None, None) => ScalarValue::Float64(number.as_f64()),
        },
        Value::Array(items) => {
            let items: Vec<ScalarValue> = items.iter().map(scalar).collect::<Option<_>>()?;
            let of =
                items.first().map_or(datafusion::arrow::datatypes::DataType::Utf8, ScalarValue::data_type);
            let alike = items.iter().all(|item| item.data_type() == of && !of.is_nested());
            alike.then(|| ScalarValue::List(ScalarValue::new_list_nullable(&items, &of)))?
        }
        Value::Object(_) => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_keep_their_types() {
        let given = [json!(null), json!(true), json!("x"), json!(-3), json!(u64::MAX), json!(0.5)];
        let expected = [
            ScalarValue::Null,
            ScalarValue::Boolean(Some(true)),
            ScalarValue::Utf8(Some("x".into())),
            ScalarValue::Int64(Some(-3)),
            ScalarValue::UInt64(Some(u64::MAX)),
            ScalarValue::Float64(Some(0.5)),
        ];
        assert_eq!(values(&given).unwrap(), expected);
        assert!(
            matches!(&values(&[json!(["a", "b"])]).unwrap()[..], [ScalarValue::List(list)] if list.value_length(0) == 2)
        );
    }

    #[test]
    fn what_sql_has_no_value_for_is_refused_by_number() {
        for value in [json!({}), json!([1, "a"]), json!([[1]])] {
            let error = values(&[json!(1), value]).unwrap_err();
            assert!(error.message.starts_with("$2 "), "{error}");
        }
    }
}
