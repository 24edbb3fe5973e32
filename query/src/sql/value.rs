//! Values of Arrow columns as JSON.
//!
//! | Arrow                               | JSON                                        |
//! |-------------------------------------|---------------------------------------------|
//! | null; floats that are no numbers    | null                                        |
//! | integers, all of them; floats       | number                                      |
//! | text                                | string                                      |
//! | timestamps                          | string, RFC 3339; with `Z` if they have a zone |
//! | binary                              | string, hexadecimal digits                  |
//! | lists                               | array                                       |
//! | structs, maps                       | object                                      |
//! | dates, times, intervals, decimals   | string, as SQL prints them                  |

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{
    DataType, Float16Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, Schema,
    TimeUnit, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use athena_schemas::wire::ColumnType;
use serde_json::{Map, Value};

/// Names and types of the columns.
pub fn columns(schema: &Schema) -> Vec<ColumnType> {
    let column = |field: &arrow::datatypes::FieldRef| ColumnType {
        name: field.name().clone(),
        data_type: field.data_type().to_string(),
    };
    schema.fields().iter().map(column).collect()
}

/// The rows of a batch, in the order of its columns.
pub fn rows(batch: &RecordBatch) -> impl Iterator<Item = Vec<Value>> + '_ {
    (0..batch.num_rows()).map(|row| batch.columns().iter().map(|column| value(column, row)).collect())
}

/// The rows of a batch as objects, without what is null.
pub fn objects(batch: &RecordBatch) -> impl Iterator<Item = Map<String, Value>> + '_ {
    let schema = batch.schema();
    rows(batch).map(move |values| {
        let names = schema.fields().iter().map(|field| field.name().clone());
        names.zip(values).filter(|(_, value)| !value.is_null()).collect()
    })
}

pub fn value(array: &dyn Array, row: usize) -> Value {
    if array.is_null(row) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::Null => Value::Null,
        DataType::Boolean => array.as_boolean().value(row).into(),
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => array.as_primitive::<UInt64Type>().value(row).into(),
        DataType::Float16 => f64::from(array.as_primitive::<Float16Type>().value(row)).into(),
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).into(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).into(),
        DataType::Utf8 => array.as_string::<i32>().value(row).into(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).into(),
        DataType::Utf8View => array.as_string_view().value(row).into(),
        DataType::Binary => hex::encode(array.as_binary::<i32>().value(row)).into(),
        DataType::LargeBinary => hex::encode(array.as_binary::<i64>().value(row)).into(),
        DataType::BinaryView => hex::encode(array.as_binary_view().value(row)).into(),
        DataType::FixedSizeBinary(_) => hex::encode(array.as_fixed_size_binary().value(row)).into(),
        DataType::Timestamp(unit, zone) => timestamp(array, row, *unit, zone.is_some()),
        DataType::List(_) => list(&array.as_list::<i32>().value(row)),
        DataType::LargeList(_) => list(&array.as_list::<i64>().value(row)),
        DataType::FixedSizeList(..) => list(&array.as_fixed_size_list().value(row)),
        DataType::ListView(_) => list(&array.as_list_view::<i32>().value(row)),
        DataType::LargeListView(_) => list(&array.as_list_view::<i64>().value(row)),
        DataType::Struct(fields) => {
            let columns = array.as_struct().columns();
            fields
                .iter()
                .zip(columns)
                .map(|(field, column)| (field.name().clone(), value(column, row)))
                .collect()
        }
        DataType::Map(..) => {
            let entries = array.as_map().value(row);
            let name = |at| match value(entries.column(0), at) {
                Value::String(name) => name,
                other => other.to_string(),
            };
            (0..entries.len()).map(|at| (name(at), value(entries.column(1), at))).collect()
        }
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            value(dictionary.values(), dictionary.normalized_keys()[row])
        }
        _ => printed(array, row),
    }
}

fn list(items: &dyn Array) -> Value {
    (0..items.len()).map(|at| value(items, at)).collect()
}

fn timestamp(array: &dyn Array, row: usize, unit: TimeUnit, zoned: bool) -> Value {
    use arrow::datatypes::{
        TimestampMicrosecondType as Micros, TimestampMillisecondType as Millis,
        TimestampNanosecondType as Nanos, TimestampSecondType as Seconds,
    };
    use arrow::temporal_conversions as to;
    let at = match unit {
        TimeUnit::Second => to::timestamp_s_to_datetime(array.as_primitive::<Seconds>().value(row)),
        TimeUnit::Millisecond => to::timestamp_ms_to_datetime(array.as_primitive::<Millis>().value(row)),
        TimeUnit::Microsecond => to::timestamp_us_to_datetime(array.as_primitive::<Micros>().value(row)),
        TimeUnit::Nanosecond => to::timestamp_ns_to_datetime(array.as_primitive::<Nanos>().value(row)),
    };
    match at {
        Some(at) if zoned => at.and_utc().to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true).into(),
        Some(at) => at.format("%Y-%m-%dT%H:%M:%S%.f").to_string().into(),
        None => printed(array, row),
    }
}

fn printed(array: &dyn Array, row: usize) -> Value {
    match ArrayFormatter::try_new(array, &FormatOptions::default()) {
        Ok(formatter) => formatter.value(row).to_string().into(),
        Err(_) => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{
        ArrayRef, BinaryArray, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Float64Array,
        Int64Array, ListArray, MapBuilder, StringArray, StringBuilder, StringViewArray, StructArray,
        TimestampMicrosecondArray, TimestampSecondArray, UInt64Array,
    };
    use arrow::datatypes::{Field, Int32Type};
    use serde_json::json;

    use super::*;

    fn all(array: impl Array) -> Value {
        list(&array)
    }

    #[test]
    fn the_table() {
        let micros = 1_795_428_000_000_000;
        assert_eq!(all(Int64Array::from(vec![Some(i64::MAX), Some(-1), None])), json!([i64::MAX, -1, null]));
        assert_eq!(all(UInt64Array::from(vec![u64::MAX])), json!([u64::MAX]));
        assert_eq!(all(Float64Array::from(vec![0.5, f64::NAN, f64::INFINITY])), json!([0.5, null, null]));
        assert_eq!(all(BooleanArray::from(vec![true])), json!([true]));
        assert_eq!(all(StringArray::from(vec!["a\"\u{1}ü"])), json!(["a\"\u{1}ü"]));
        assert_eq!(all(StringViewArray::from(vec!["view"])), json!(["view"]));
        assert_eq!(all(BinaryArray::from(vec![&[0u8, 255][..], &[]])), json!(["00ff", ""]));
        let zoned = TimestampMicrosecondArray::from(vec![micros, micros + 1]).with_timezone("UTC");
        assert_eq!(all(zoned), json!(["2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000001Z"]));
        assert_eq!(all(TimestampSecondArray::from(vec![micros / 1_000_000])), json!(["2026-11-23T10:00:00"]));
        assert_eq!(all(Date32Array::from(vec![0])), json!(["1970-01-01"]));
        let decimals = Decimal128Array::from(vec![12345]).with_precision_and_scale(10, 2).unwrap();
        assert_eq!(all(decimals), json!(["123.45"]));
        let dictionary: DictionaryArray<Int32Type> = vec![Some("x"), None, Some("x")].into_iter().collect();
        assert_eq!(all(dictionary), json!(["x", null, "x"]));
    }

    #[test]
    fn what_nests() {
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), None]), None]);
        assert_eq!(all(lists), json!([[1, null], null]));
        let column: ArrayRef = Arc::new(Int64Array::from(vec![1, 2]));
        let fields = StructArray::from(vec![(Arc::new(Field::new("n", DataType::Int64, true)), column)]);
        assert_eq!(all(fields), json!([{"n": 1}, {"n": 2}]));
        let mut map = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
        map.keys().append_value("k");
        map.values().append_value("v");
        map.append(true).unwrap();
        assert_eq!(all(map.finish()), json!([{"k": "v"}]));
    }
}
