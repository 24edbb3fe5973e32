//! Rows for formats that know only flat values.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, StringArray};
use arrow::datatypes::{DataType, Field, Schema};
use athena_schemas::Error;
use serde_json::Value;

use super::value::value;

/// The batch with every column that CSV has no form for as text: lists and structs as JSON, timestamps
/// and binary as `value` writes them.
///
/// # Errors
/// Columns that do not fit together, which is a bug.
pub fn flat(batch: &RecordBatch) -> Result<RecordBatch, Error> {
    let schema = batch.schema();
    let columns =
        schema.fields().iter().zip(batch.columns()).map(|(field, column)| match is_flat(field.data_type()) {
            true => (field.as_ref().clone(), column.clone()),
            false => (Field::new(field.name(), DataType::Utf8, true), as_text(column)),
        });
    let (fields, columns): (Vec<_>, Vec<_>) = columns.unzip();
    let options = arrow::array::RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
        .map_err(|error| Error::internal(format!("flat rows: {error}")))
}

fn is_flat(data_type: &DataType) -> bool {
    data_type.is_numeric()
        || matches!(data_type, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Boolean)
}

fn as_text(column: &ArrayRef) -> ArrayRef {
    let text = |row| match value(column, row) {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    };
    Arc::new((0..column.len()).map(text).collect::<StringArray>())
}

#[cfg(test)]
mod tests {
    use arrow::array::{BinaryArray, Int64Array, ListArray};
    use arrow::datatypes::Int32Type;

    use super::*;

    #[test]
    fn everything_has_a_flat_form() {
        let lists = ListArray::from_iter_primitive::<Int32Type, _, _>([Some(vec![Some(1), Some(2)]), None]);
        let batch = RecordBatch::try_from_iter([
            ("n", Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef),
            ("list", Arc::new(lists)),
            ("bytes", Arc::new(BinaryArray::from(vec![&[255u8][..], &[]]))),
        ])
        .unwrap();
        let mut out = Vec::new();
        arrow::csv::Writer::new(&mut out).write(&flat(&batch).unwrap()).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "n,list,bytes\n1,\"[1,2]\",ff\n2,,\n");
    }
}
